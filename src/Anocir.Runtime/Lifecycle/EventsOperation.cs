using System;
using Anocir.Linux;
using Anocir.Runtime.Cgroups;
using Anocir.Runtime.Cgroups.Statistics;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Resctrl;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>The events command.</summary>
public static class EventsOperation
{
    /// <summary>How often to look, once the init has ended, whether the others have too: v1 announces nothing.</summary>
    private const int EndMilliseconds = 100;

    /// <summary>The statistics of a container that has not stopped, as a line.</summary>
    public static ReadOnlyMemory<byte> Once(RuntimeOptions options, ContainerId id)
    {
        (ContainerRecord record, CgroupDirectories directories) = Open(options, id);
        return Statistics(id, record, directories);
    }

    /// <summary>
    /// Hands a line to <paramref name="write"/> for the statistics every <paramref name="milliseconds"/> and for each out-of-memory kill,
    /// until the container has ended: no process is left in its cgroup.
    /// </summary>
    public static void Follow(RuntimeOptions options, ContainerId id, int milliseconds, Action<ReadOnlyMemory<byte>> write)
    {
        (ContainerRecord record, CgroupDirectories directories) = Open(options, id);
        using Fd? init = ContainerProcess.OpenLivePidfd(record);
        using var watch = new OomWatch(directories);
        long next = Environment.TickCount64 + milliseconds;
        int pidfd = init?.Number ?? -1;
        while (true)
        {
            int left = (int)Math.Clamp(next - Environment.TickCount64, 0, pidfd < 0 ? Math.Min(milliseconds, EndMilliseconds) : milliseconds);
            SysResult ready = Sys.PollChange(watch.ChangingFile, watch.PopulatedFile, pidfd, watch.Counter, left);
            if (watch.Take())
            {
                write(EventDocument.Oom(id.Value));
            }

            if (!ready.IsError && (ready.Int & 4) != 0)
            {
                pidfd = -1; // the others may still run: without an own PID namespace, or for a moment
            }

            if (pidfd < 0 && ProcessesQuery.Get(record.Cgroup!).Count == 0)
            {
                return;
            }

            if (Environment.TickCount64 >= next)
            {
                next = Environment.TickCount64 + milliseconds;
                write(Statistics(id, record, directories));
            }
        }
    }

    private static ReadOnlyMemory<byte> Statistics(ContainerId id, ContainerRecord record, CgroupDirectories directories)
    {
        // The mounts are looked through for the few containers with linux.intelRdt alone.
        ResctrlStatistics? resctrl = record.Resctrl is null ? null : ResctrlStatistics.Read(ResctrlRoot.Find(), record.Resctrl);
        return EventDocument.Stats(id.Value, StatisticsReader.Read(directories), resctrl);
    }

    private static (ContainerRecord Record, CgroupDirectories Directories) Open(RuntimeOptions options, ContainerId id)
    {
        using StateStore store = StateStore.Open(options.Root);
        using ContainerDirectory directory = store.Get(id);
        ContainerRecord record = directory.Load();
        if (ContainerProcess.Evaluate(record) == ContainerStatus.Stopped)
        {
            throw new ContainerException($"container with id {id.Value} is not running");
        }

        return (record, CgroupDirectories.From(record.Cgroup ?? throw StateErrors.NoCgroup(id.Value)));
    }
}
