using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>The pause and resume commands.</summary>
public static class PauseOperation
{
    /// <summary>
    /// Stops every process of a created or running container where it is. Throws <see cref="StateErrors.NotRunning"/> for another one.
    /// </summary>
    public static void Pause(RuntimeOptions options, ContainerId id)
    {
        using StateStore store = StateStore.Open(options.Root);
        using ContainerDirectory directory = store.Get(id);
        DirectoryLock.Take(directory);
        ContainerRecord record = directory.Load();
        if (ContainerProcess.Evaluate(record) is not (ContainerStatus.Created or ContainerStatus.Running))
        {
            throw StateErrors.NotRunning();
        }

        Freezer.Freeze(Cgroup(record));
    }

    /// <summary>Lets a paused container go on.</summary>
    public static void Resume(RuntimeOptions options, ContainerId id)
    {
        using StateStore store = StateStore.Open(options.Root);
        using ContainerDirectory directory = store.Get(id);
        DirectoryLock.Take(directory);
        ContainerRecord record = directory.Load();
        if (ContainerProcess.Evaluate(record) != ContainerStatus.Paused)
        {
            throw StateErrors.NotPaused();
        }

        Freezer.Thaw(Cgroup(record));
    }

    private static CgroupRecord Cgroup(ContainerRecord record) => record.Cgroup ?? throw StateErrors.NoCgroup(record.Id);
}
