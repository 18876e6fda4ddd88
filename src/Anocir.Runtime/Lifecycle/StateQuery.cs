using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>The state command.</summary>
public static class StateQuery
{
    /// <summary>The container as it is now. Takes no lock: the record is replaced by rename.</summary>
    public static ContainerSnapshot Get(RuntimeOptions options, ContainerId id)
    {
        using StateStore store = StateStore.Open(options.Root);
        using ContainerDirectory directory = store.Get(id);
        ContainerRecord record = directory.Load();
        return new ContainerSnapshot(record, ContainerProcess.Evaluate(record));
    }
}
