using Anocir.Runtime.Errors;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>The start command.</summary>
public static class StartOperation
{
    /// <summary>Lets the program of a created container run.</summary>
    public static void Start(RuntimeOptions options, ContainerId id) => throw new ContainerException("start is not built yet");
}
