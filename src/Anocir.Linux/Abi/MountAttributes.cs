using System.Runtime.InteropServices;

namespace Anocir.Linux;

/// <summary>struct mount_attr of mount_setattr(2) (linux/mount.h).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct MountAttributes
{
    /// <summary>MOUNT_ATTR_* to set.</summary>
    public ulong Set;

    /// <summary>MOUNT_ATTR_* to clear.</summary>
    public ulong Clear;

    /// <summary>MS_* propagation, or 0.</summary>
    public ulong Propagation;

    /// <summary>User namespace for MOUNT_ATTR_IDMAP.</summary>
    public ulong UserNamespaceFd;
}
