using System.Globalization;
using Anocir.Linux;
using Anocir.Runtime.Cgroups;

namespace Anocir.Runtime.State;

/// <summary>What a container is doing, found out anew from its record and /proc on every call.</summary>
public enum ContainerStatus
{
    /// <summary>A create is at work.</summary>
    Creating,

    /// <summary>The init waits for start.</summary>
    Created,

    /// <summary>The user's program runs.</summary>
    Running,

    /// <summary>All its processes are frozen.</summary>
    Paused,

    /// <summary>The init has ended, or the create died before there was one.</summary>
    Stopped,
}

/// <summary>Finds out a <see cref="ContainerStatus"/> and opens live inits.</summary>
public static class ContainerProcess
{
    /// <summary>The name of a status as the specification and runc spell it.</summary>
    public static string Text(ContainerStatus status) => status switch
    {
        ContainerStatus.Creating => "creating",
        ContainerStatus.Created => "created",
        ContainerStatus.Running => "running",
        ContainerStatus.Paused => "paused",
        _ => "stopped",
    };

    /// <summary>What the container is doing now.</summary>
    public static ContainerStatus Evaluate(ContainerRecord record)
    {
        if (record.Stage == RecordStage.Creating)
        {
            return IsAlive(record.CreatorPid, record.CreatorStartTime) ? ContainerStatus.Creating : ContainerStatus.Stopped;
        }

        if (record.Pid <= 0 || !ProcessIdentity.TryRead(record.Pid, out ProcessIdentity now) || !now.IsLive(record.PidStartTime))
        {
            return ContainerStatus.Stopped;
        }

        if (record.Cgroup?.Freezer is { } freezer && CgroupProcesses.IsFrozen(freezer, record.Cgroup.Version))
        {
            return ContainerStatus.Paused;
        }

        return ExecutesInit(record, now) ? ContainerStatus.Created : ContainerStatus.Running;
    }

    /// <summary>Whether the process exists, is the one that was recorded, and has not ended.</summary>
    public static bool IsAlive(int pid, ulong startTime) =>
        pid > 0 && ProcessIdentity.TryRead(pid, out ProcessIdentity now) && now.IsLive(startTime);

    /// <summary>A pidfd of the recorded init; null when it has ended. The start time is compared after the pidfd exists, so the
    /// PID cannot pass to another process in between.</summary>
    public static Fd? OpenLivePidfd(ContainerRecord record)
    {
        Fd? pidfd = OpenPidfd(record);
        if (pidfd is null || IsAlive(record.Pid, record.PidStartTime))
        {
            return pidfd;
        }

        pidfd.Dispose();
        return null;
    }

    /// <summary>The same of whatever process has that PID, for a caller who looks at the start time afterwards; null when there is none.</summary>
    public static Fd? OpenPidfd(ContainerRecord record)
    {
        if (record.Pid <= 0)
        {
            return null;
        }

        SysResult result = Sys.PidfdOpen(record.Pid);
        // EINVAL: it has been reaped, but is still the number of a session or group that others are in.
        if (result.Is(Errno.ESRCH) || result.Is(Errno.EINVAL))
        {
            return null;
        }

        return result.IsError
            ? throw Errors.ContainerException.System("open a pidfd of process", Number(record.Pid), result.Errno)
            : new Fd(result.Int);
    }

    // Asking the kernel what the process executes leaves no lie when a start is killed between its two steps. Without privileges the
    // link of a waiting init cannot be followed, because that is not dumpable: then its name decides, which only the process can change.
    private static bool ExecutesInit(ContainerRecord record, in ProcessIdentity now)
    {
        SysResult result = Sys.Statx(At.FDCWD, "/proc/" + Number(record.Pid) + "/exe", 0, out Statx image);
        return result.IsError
            ? result.Is(Errno.EACCES) && now.HasInitName
            : image.Ino == record.InitInode && Device(image) == record.InitDevice;
    }

    /// <summary>A device number as records hold it.</summary>
    public static ulong Device(in Statx status) => ((ulong)status.DevMajor << 32) | status.DevMinor;

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
