using System;
using System.Collections.Generic;
using System.Globalization;
using Anocir.Linux;
using Anocir.Runtime.Cgroups;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Planning;
using Anocir.Runtime.Spec;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Criu;

/// <summary>
/// The mounts of a container that CRIU cannot make from what it saved, because their source is the host's: each has a name in the image. The names are
/// runc's, so that either restores what the other has saved.
/// </summary>
internal sealed class ExternalMounts : IDisposable
{
    private const string Null = "/dev/null";

    private readonly RuntimeConfig _config;
    private readonly string _bundle;
    private readonly Fd _root;
    private readonly string _rootPath;

    /// <summary>Opens the root file system, in which destinations are resolved.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="bundle">Absolute path of the bundle.</param>
    /// <param name="rootfs">Absolute path of the root file system.</param>
    public ExternalMounts(RuntimeConfig config, string bundle, string rootfs)
    {
        _config = config;
        _bundle = bundle;
        SysResult opened = Sys.Open(rootfs, O.PATH | O.DIRECTORY | O.CLOEXEC);
        _root = opened.IsError ? throw ContainerException.System("open", rootfs, opened.Errno) : new Fd(opened.Int);
        _rootPath = DescriptorPath.Read(_root.Number) is { Length: > 0 } path ? path : rootfs;
    }

    /// <summary>For a dump: place in the container and name.</summary>
    /// <param name="pid">Its init, whose files tell which masked paths are there.</param>
    /// <param name="mounts">The list to add to.</param>
    public void AddForDump(int pid, List<(string Place, string Name)> mounts)
    {
        foreach ((string place, string _) in Binds(CgroupNames()))
        {
            mounts.Add((place, place));
        }

        SysResult opened = Sys.Open($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/root", O.PATH | O.DIRECTORY | O.CLOEXEC);
        using var inside = new Fd(opened.IsError ? -1 : opened.Int);
        foreach (string path in _config.Linux?.MaskedPaths ?? [])
        {
            SysResult masked = Sys.OpenAt2(inside.Number, path, O.PATH | O.CLOEXEC, Resolve.IN_ROOT | Resolve.NO_MAGICLINKS);
            using var file = new Fd(masked.IsError ? -1 : masked.Int);
            if (file.IsOpen && !Sys.Statx(file.Number, "", At.EMPTY_PATH, out Statx stat).IsError && !stat.IsType(FileType.Directory))
            {
                mounts.Add((path, Null));
            }
        }
    }

    /// <summary>For a restore: name and place on the host.</summary>
    /// <param name="cgroups">What the mount of type cgroup consists of (<see cref="CgroupMounts"/>).</param>
    /// <param name="mounts">The list to add to.</param>
    public void AddForRestore(IReadOnlyList<CgroupMount> cgroups, List<(string Name, string Source)> mounts)
    {
        List<(string Name, string Source)> binds = [];
        foreach (CgroupMount part in cgroups)
        {
            if (part.Kind == CgroupMountKind.Bind)
            {
                binds.Add((part.Name, part.Source));
            }
        }

        mounts.AddRange(Binds(binds));
        if (_config.Linux?.MaskedPaths.Length > 0)
        {
            mounts.Add((Null, Null));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _root.Dispose();

    private IEnumerable<(string Place, string Source)> Binds(List<(string Name, string Source)> cgroups)
    {
        foreach (Mount mount in _config.Mounts)
        {
            MountOptions options = MountOptions.Parse(mount.Options);
            if (mount.Type == "cgroup")
            {
                string place = Place(mount.Destination);
                foreach ((string name, string source) in cgroups)
                {
                    yield return (place + "/" + name, source);
                }
            }
            else if ((options.Bind || mount.Type == "bind") && !options.Remount)
            {
                yield return (Place(mount.Destination), BindPlanner.AbsoluteSource(_bundle, mount));
            }
        }

        // In a user namespace, which may not make nodes, devices are binds of the host's.
        foreach (string device in DevicePlanner.Paths(_config))
        {
            yield return (device, device);
        }
    }

    // On v1 without a cgroup namespace each hierarchy is a bind below the mount.
    private List<(string Name, string Source)> CgroupNames()
    {
        List<(string, string)> names = [];
        CgroupLayout? layout = _config.Linux?.FindNamespace(NamespaceType.Cgroup) is null ? CgroupLayout.TryDetect() : null;
        if (layout is null || layout.Mode == CgroupMode.Unified)
        {
            return names;
        }

        foreach (CgroupHierarchy hierarchy in layout.Hierarchies)
        {
            if (!hierarchy.IsUnified)
            {
                names.Add((CgroupMounts.BaseName(hierarchy.MountPoint), ""));
            }
        }

        return names;
    }

    // The path with symlinks of the image resolved inside the root, as the mount was made; what is not there (yet) counts as it is written.
    private string Place(string destination)
    {
        string rest = "";
        for (string path = destination; path.Length > 1; path = path[..path.LastIndexOf('/')])
        {
            SysResult opened = Sys.OpenAt2(_root.Number, path, O.PATH | O.CLOEXEC, Resolve.IN_ROOT | Resolve.NO_MAGICLINKS);
            if (!opened.IsError)
            {
                using var file = new Fd(opened.Int);
                string full = DescriptorPath.Read(file.Number);
                return full.StartsWith(_rootPath + "/", StringComparison.Ordinal) ? full[_rootPath.Length..] + rest : destination;
            }

            rest = path[path.LastIndexOf('/')..] + rest;
        }

        return destination;
    }
}
