using Anocir.Runtime.Errors;

namespace Anocir.Runtime.Lifecycle;

/// <summary>The run command.</summary>
public static class RunOperation
{
    /// <summary>Creates and starts a container and, unless detached, waits; the exit status of the command.</summary>
    public static int Run(RuntimeOptions options, CreateOptions create) => throw new ContainerException("run is not built yet");
}
