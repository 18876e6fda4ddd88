using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>A container without a mount namespace mounts into the caller's: all of it lies below the mount of root.path on itself.</summary>
internal static class HostMounts
{
    /// <summary>The ID of the mount that a root directory is on.</summary>
    public static ulong At(string rootfs)
    {
        SysResult result = Sys.Statx(Anocir.Linux.At.FDCWD, rootfs, 0, out Statx status);
        return result.IsError ? throw ContainerException.System("examine", rootfs, result.Errno) : status.MntId;
    }

    /// <summary>
    /// Detaches that mount, and with it everything below. A container with a mount namespace left nothing; one whose init did not come to mount, or
    /// whose mount was detached before, neither: what the root directory is on then is the engine's.
    /// </summary>
    public static void Detach(ContainerRecord record)
    {
        if (record.HostMount is { } before && !Sys.Statx(Anocir.Linux.At.FDCWD, record.Rootfs, 0, out Statx now).IsError && now.MntId != before)
        {
            _ = Sys.UnmountDetach(record.Rootfs);
        }
    }
}
