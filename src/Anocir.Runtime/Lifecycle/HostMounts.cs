using Anocir.Linux;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>A container without a mount namespace mounts into the caller's: all of it lies below the mount of root.path on itself.</summary>
internal static class HostMounts
{
    /// <summary>Detaches that mount, and with it everything below. A container with a mount namespace left nothing.</summary>
    public static void Detach(ContainerRecord record)
    {
        if (!record.HasMountNamespace)
        {
            _ = Sys.UnmountDetach(record.Rootfs);
        }
    }
}
