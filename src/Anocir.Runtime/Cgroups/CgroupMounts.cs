using System;
using System.Collections.Generic;

namespace Anocir.Runtime.Cgroups;

/// <summary>How one part of a container's cgroup mount is made.</summary>
public enum CgroupMountKind
{
    /// <summary>A new mount of <see cref="CgroupMount.FileSystem"/> with the options in <see cref="CgroupMount.Data"/>.</summary>
    FileSystem,

    /// <summary>A recursive bind of <see cref="CgroupMount.Source"/>.</summary>
    Bind,

    /// <summary>A symbolic link to <see cref="CgroupMount.Source"/>; an existing file stays.</summary>
    Symlink,
}

/// <summary>One part of what a <c>type: cgroup</c> mount of config.json stands for, to be made in the order of the list.</summary>
/// <param name="Kind">What to make.</param>
/// <param name="Name">Name below the mount's destination (a directory is made for it unless it is a link); empty = the destination.</param>
/// <param name="FileSystem"><c>tmpfs</c>, <c>cgroup</c> or <c>cgroup2</c>; empty for other kinds.</param>
/// <param name="Data">Comma-separated options of a new file system: <c>mode=755</c>, <c>cpu,cpuacct</c>, <c>name=systemd</c>.</param>
/// <param name="Source">
/// Host directory of a bind, or text of a link. For a new <c>cgroup2</c> file system: the directory to bind instead when mounting fails
/// with EPERM or EBUSY (a user namespace without an own cgroup namespace).
/// </param>
/// <param name="Attributes">MOUNT_ATTR_* that hold whatever the mount's options say, to which the options' <c>ro</c> is added.</param>
/// <param name="ReadonlyLast">
/// The options' <c>ro</c> must wait until the entries that follow are made (the tmpfs they are made in).
/// </param>
public readonly record struct CgroupMount(
    CgroupMountKind Kind, string Name, string FileSystem, string Data, string Source, ulong Attributes, bool ReadonlyLast);

/// <summary>Translates a <c>type: cgroup</c> mount for the host's arrangement of hierarchies, as runc does.</summary>
public static class CgroupMounts
{
    /// <summary>MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC (linux/mount.h).</summary>
    public const ulong DefaultAttributes = 2 | 4 | 8;

    private const ulong ReadOnly = 1; // MOUNT_ATTR_RDONLY

    /// <summary>
    /// What to mount. <paramref name="newNamespace"/>: init has an own new cgroup namespace, in which a new mount shows only its own
    /// cgroup. Without one, v1 hierarchies are binds of the container's directories, and v2 shows what the host sees, or where that may not
    /// be mounted, the container's directory.
    /// </summary>
    /// <param name="plan">Where the cgroups are that are shown.</param>
    /// <param name="own">
    /// Those that are the container's, null = none. A hierarchy that is shown without being here has the caller's own cgroup, which is not the
    /// container's to change (CVE-2023-25809): read-only.
    /// </param>
    /// <param name="newNamespace">See above.</param>
    /// <param name="unifiedOptions">
    /// Options of the host's cgroup v2 super block. From the host's cgroup namespace a mount without them would take them away from the host, and
    /// with <c>nsdelegate</c> the limit of what a delegated cgroup may do; from any other namespace the kernel ignores them.
    /// </param>
    public static List<CgroupMount> Describe(CgroupPlan plan, CgroupPlan? own, bool newNamespace, string unifiedOptions = "")
    {
        if (plan.Mode == CgroupMode.Unified)
        {
            CgroupTarget target = plan.Targets[0];
            return [new CgroupMount(CgroupMountKind.FileSystem, "", "cgroup2", newNamespace ? "" : unifiedOptions, target.Directory, Access(own, target), false)];
        }

        var mounts = new List<CgroupMount>(plan.Targets.Length + 4)
        {
            new(CgroupMountKind.FileSystem, "", "tmpfs", "mode=755", "tmpfs", DefaultAttributes, true),
        };
        foreach (CgroupTarget target in plan.Targets)
        {
            // The v2 side of a hybrid host is not shown in containers.
            if (!target.Hierarchy.IsUnified)
            {
                mounts.Add(DescribeV1(target, newNamespace, Access(own, target)));
            }
        }

        foreach (CgroupTarget target in plan.Targets)
        {
            string name = BaseName(target.Hierarchy.MountPoint);
            if (name.Contains(',', StringComparison.Ordinal))
            {
                foreach (string controller in name.Split(','))
                {
                    mounts.Add(new CgroupMount(CgroupMountKind.Symlink, controller, "", "", name, 0, false));
                }
            }
        }

        return mounts;
    }

    private static ulong Access(CgroupPlan? own, CgroupTarget target) => own is not null && WritableCgroups.IsIn(own, target) ? 0 : ReadOnly;

    private static CgroupMount DescribeV1(CgroupTarget target, bool newNamespace, ulong access)
    {
        string name = BaseName(target.Hierarchy.MountPoint);
        return newNamespace
            ? new CgroupMount(CgroupMountKind.FileSystem, name, "cgroup", target.Hierarchy.Controllers, "cgroup", DefaultAttributes | access, false)
            : new CgroupMount(CgroupMountKind.Bind, name, "", "", target.Directory, access, false);
    }

    /// <summary>The last component of a path.</summary>
    internal static string BaseName(string path) => path[(path.LastIndexOf('/') + 1)..];
}
