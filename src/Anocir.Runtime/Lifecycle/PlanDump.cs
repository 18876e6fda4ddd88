using Anocir.Runtime.Errors;

namespace Anocir.Runtime.Lifecycle;

/// <summary>The plan command.</summary>
public static class PlanDump
{
    /// <summary>Writes the steps of a bundle to standard output, without running anything.</summary>
    public static void Write(RuntimeOptions options, CreateOptions create, bool json) => throw new ContainerException("plan is not built yet");
}
