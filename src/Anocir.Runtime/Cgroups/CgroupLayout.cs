using System;
using System.Collections.Generic;
using System.Text;
using Anocir.Runtime.Errors;

namespace Anocir.Runtime.Cgroups;

/// <summary>The cgroup hierarchies of this host and the caller's place in each of them.</summary>
public sealed class CgroupLayout
{
    /// <summary>Where every distribution mounts cgroups.</summary>
    public const string DefaultRoot = "/sys/fs/cgroup";

    private CgroupLayout(CgroupMode mode, CgroupHierarchy[] hierarchies)
    {
        Mode = mode;
        Hierarchies = hierarchies;
    }

    /// <summary>Which of the three arrangements was found.</summary>
    public CgroupMode Mode { get; }

    /// <summary>The mounted hierarchies; exactly one, the v2 one, when <see cref="Mode"/> is unified.</summary>
    public CgroupHierarchy[] Hierarchies { get; }

    /// <summary>
    /// Looks at /proc/self/cgroup and at the standard mount points. /proc/self/mountinfo is read only when a hierarchy is not at its
    /// standard place: it takes milliseconds on a host with thousands of mounts.
    /// </summary>
    /// <exception cref="ContainerException">No cgroup hierarchy is mounted, or /proc cannot be read.</exception>
    public static CgroupLayout Detect(string root = DefaultRoot, string procSelf = "/proc/self", CgroupProbe? probe = null) =>
        TryDetect(root, procSelf, probe) ?? throw new ContainerException(
            $"cannot find a cgroup hierarchy: '{root}' is not a cgroup mount; hint: mount -t cgroup2 cgroup2 /sys/fs/cgroup");

    /// <summary>The same; null when no hierarchy is mounted.</summary>
    public static CgroupLayout? TryDetect(string root = DefaultRoot, string procSelf = "/proc/self", CgroupProbe? probe = null)
    {
        probe ??= new CgroupProbe();
        byte[] self = probe.Read(procSelf + "/cgroup");
        long type = probe.FileSystemType(root);
        bool unified = type == CgroupProbe.CgroupV2;
        var found = new List<CgroupHierarchy>(unified ? 1 : 16);
        CgroupMountTable? mounts = null;
        bool hasV2 = false;
        var lines = new SelfCgroupReader(self);
        while (lines.Next())
        {
            if (unified && !lines.IsUnified)
            {
                continue; // a v1 hierarchy that is mounted somewhere else on a unified host is not used
            }

            string ownPath = CgroupPath.Clean(Encoding.UTF8.GetString(lines.Path));
            string controllers = Encoding.UTF8.GetString(lines.Controllers);
            string? mountPoint = unified ? root : StandardPlace(root, controllers, probe);
            if (mountPoint is null && lines.IsUnified && found.Count > 0)
            {
                continue; // the last line; beside v1 hierarchies only its standard place counts, as for runc
            }

            if (mountPoint is null || (ownPath is not "/" && !probe.Exists(mountPoint + ownPath)))
            {
                mounts ??= new CgroupMountTable(probe.Read(procSelf + "/mountinfo"));
                if (mounts.Find(controllers, mountPoint, out string foundAt, out string foundRoot))
                {
                    mountPoint = foundAt;
                    ownPath = RelativeTo(foundRoot, ownPath);
                }
            }

            if (mountPoint is not null)
            {
                hasV2 |= lines.IsUnified;
                found.Add(new CgroupHierarchy(controllers, mountPoint, ownPath));
            }
        }

        return found.Count == 0
            ? null
            : new CgroupLayout(hasV2 ? found.Count == 1 ? CgroupMode.Unified : CgroupMode.Hybrid : CgroupMode.Legacy, [.. found]);
    }

    /// <summary>The hierarchy that carries a controller (v1), or null.</summary>
    public CgroupHierarchy? Find(string controller)
    {
        foreach (CgroupHierarchy hierarchy in Hierarchies)
        {
            if (hierarchy.Has(controller))
            {
                return hierarchy;
            }
        }

        return null;
    }

    /// <summary>
    /// The directory below <paramref name="root"/> that carries a hierarchy's name; co-mounted controllers may be listed in another order
    /// than in the directory's name, then the symbolic link of the first one leads there.
    /// </summary>
    private static string? StandardPlace(string root, string controllers, CgroupProbe probe)
    {
        const string NamePrefix = "name=";
        long expected = controllers.Length == 0 ? CgroupProbe.CgroupV2 : CgroupProbe.CgroupV1;
        string name = controllers.Length == 0 ? "unified"
            : controllers.StartsWith(NamePrefix, StringComparison.Ordinal) ? controllers[NamePrefix.Length..]
            : controllers;
        string directory = root + "/" + name;
        if (probe.FileSystemType(directory) == expected)
        {
            return directory;
        }

        int comma = name.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0)
        {
            return null;
        }

        directory = root + "/" + name[..comma];
        return probe.FileSystemType(directory) == expected ? directory : null;
    }

    /// <summary>A mount may show only a part of the hierarchy (nested containers): paths then count from that part.</summary>
    private static string RelativeTo(string mountRoot, string path)
    {
        if (mountRoot is "/" || !path.StartsWith(mountRoot, StringComparison.Ordinal))
        {
            return path;
        }

        string rest = path[mountRoot.Length..];
        return rest.Length == 0 ? "/" : rest[0] == '/' ? rest : path;
    }
}
