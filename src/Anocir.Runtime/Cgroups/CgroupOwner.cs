using System;
using System.Text;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Cgroups;

/// <summary>
/// Delegation of a container's v2 cgroup to the user of its process (cgroup-v2.rst "Delegation"): when it has an own cgroup namespace and
/// a writable mount of it, so that an init such as systemd can make cgroups inside.
/// </summary>
public static class CgroupOwner
{
    private const string Mount = "/sys/fs/cgroup";

    /// <summary>The host's user ID that gets the cgroup; null when it stays root's.</summary>
    public static uint? Find(RuntimeConfig config)
    {
        if (config.Linux?.FindNamespace(NamespaceType.Cgroup) is not { } own || !string.IsNullOrEmpty(own.Path) || !HasWritableMount(config))
        {
            return null;
        }

        return HostUser(config, config.Process?.User.Uid ?? 0);
    }

    /// <summary>The host's user ID of a user of the container; null when that is the host's root.</summary>
    public static uint? HostUser(RuntimeConfig config, uint user)
    {
        IdMapping[] mappings = config.Linux?.UidMappings ?? [];
        foreach (IdMapping mapping in mappings)
        {
            if (user >= mapping.ContainerId && user - mapping.ContainerId < mapping.Size)
            {
                uint host = mapping.HostId + (user - mapping.ContainerId);
                return host == 0 ? null : host;
            }
        }

        return mappings.Length == 0 && user != 0 ? user : null;
    }

    /// <summary>
    /// Gives away the directory and the files that the kernel lists in /sys/kernel/cgroup/delegate; one that this kernel lacks is no error.
    /// </summary>
    /// <exception cref="ContainerException">The owner cannot be changed.</exception>
    public static void Change(string directory, uint owner)
    {
        Require(directory, owner, Sys.ChownAt(At.FDCWD, directory, owner));
        string files = CgroupFile.TryReadAll("/sys/kernel/cgroup/delegate", out byte[] list).IsError
            ? "cgroup.procs\ncgroup.subtree_control\ncgroup.threads"
            : Encoding.ASCII.GetString(list);
        foreach (string file in files.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string path = directory + "/" + file;
            SysResult changed = Sys.ChownAt(At.FDCWD, path, owner);
            if (!changed.Is(Errno.ENOENT))
            {
                Require(path, owner, changed);
            }
        }
    }

    private static bool HasWritableMount(RuntimeConfig config)
    {
        foreach (Spec.Mount mount in config.Mounts)
        {
            if (mount.Type is "cgroup" or "cgroup2" && CgroupPath.Clean(mount.Destination) == Mount && Array.IndexOf(mount.Options, "ro") < 0)
            {
                return true;
            }
        }

        return false;
    }

    private static void Require(string path, uint owner, SysResult changed)
    {
        if (changed.IsError)
        {
            throw ContainerException.System($"give to user {owner}", path, changed.Errno);
        }
    }
}
