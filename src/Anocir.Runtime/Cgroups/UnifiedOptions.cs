using Anocir.Linux;
using Anocir.Runtime.Errors;

namespace Anocir.Runtime.Cgroups;

/// <summary>
/// The options of the host's cgroup v2 super block (<c>nsdelegate</c>, <c>memory_recursiveprot</c>), kept while another program works. Whoever mounts cgroup2
/// from the host's cgroup namespace without them takes them away from the whole host, and CRIU does (checkpoint-restore/criu#3029): the limit of what a
/// delegated cgroup may do would be gone.
/// </summary>
internal sealed class UnifiedOptions
{
    private readonly string _before = Read();

    /// <summary>Sets them again if they have changed. From another cgroup namespace than the host's nothing changes them.</summary>
    /// <exception cref="ContainerException">That failed: they are lost until the next mount with them.</exception>
    public void Restore()
    {
        if (_before.Length == 0 || Read() == _before)
        {
            return;
        }

        // Making a file system that exists applies the options to it; nothing needs to be mounted (kernel/cgroup/cgroup.c, cgroup_get_tree).
        SysResult result = Sys.FsOpen("cgroup2");
        using var context = new Fd(result.IsError ? -1 : result.Int);
        foreach (string option in _before.Split(','))
        {
            result = result.IsError ? result : Sys.FsConfigFlag(context.Number, option);
        }

        result = result.IsError ? result : Sys.FsConfigCreate(context.Number);
        if (result.IsError)
        {
            throw new ContainerException($"criu has taken the options {_before} away from the host's cgroup2, and they cannot be set again: {ErrnoText.Describe(result.Errno)}"
                + $"; hint: mount -o remount,{_before} /sys/fs/cgroup");
        }
    }

    private static string Read() => new CgroupMountTable(new CgroupProbe().Read("/proc/self/mountinfo")).UnifiedOptions();
}
