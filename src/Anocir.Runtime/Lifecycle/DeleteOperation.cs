using Anocir.Runtime.Errors;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>The delete command.</summary>
public static class DeleteOperation
{
    /// <summary>Removes a stopped container, or with <paramref name="force"/> any.</summary>
    public static void Delete(RuntimeOptions options, ContainerId id, bool force) => throw new ContainerException("delete is not built yet");
}
