using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Anocir.Linux;
using Anocir.Runtime.Errors;

namespace Anocir.Runtime.Cgroups;

/// <summary>
/// How a new process gets into the cgroups of a running container: it is born in the v2 one and enters those of v1 by their
/// <c>tasks</c> files, both without the RCU grace period that a write to cgroup.procs waits for (<see cref="CgroupPlan.SelfJoinFiles"/>).
/// </summary>
public sealed class ExecCgroups : IDisposable
{
    private string? _unified;

    private ExecCgroups(string? unified, string[] taskFiles)
    {
        _unified = unified;
        TaskFiles = taskFiles;
    }

    /// <summary>The v1 files to write <c>0</c> to.</summary>
    public string[] TaskFiles { get; }

    /// <summary>The v2 directory, or null when there is none to be in.</summary>
    public Fd? Unified { get; private set; }

    /// <summary>Opens the container's cgroups, or the ones below that <paramref name="subCgroups"/> names.</summary>
    /// <param name="directories">The container's directories, one for each hierarchy; empty without cgroups.</param>
    /// <param name="subCgroups">The values of --cgroup.</param>
    /// <exception cref="ContainerException">One does not exist, or a value of --cgroup is wrong.</exception>
    public static ExecCgroups Open(IReadOnlyList<string> directories, SubCgroups subCgroups)
    {
        string? unified = null;
        var files = new List<string>(directories.Count);
        CgroupHierarchy[] hierarchies = subCgroups.NamesControllers ? CgroupLayout.Detect().Hierarchies : [];
        foreach (string directory in subCgroups.IsEmpty ? directories : subCgroups.Apply(directories, hierarchies))
        {
            SysResult result = Sys.FileSystemType(directory, out long type);
            if (result.IsError)
            {
                throw Failed(directory, result.Errno);
            }

            if (type == CgroupProbe.CgroupV2)
            {
                unified = directory;
            }
            else
            {
                files.Add(directory + "/tasks");
            }
        }

        var cgroups = new ExecCgroups(unified, [.. files]);
        cgroups.Reopen();
        return cgroups;
    }

    /// <summary>
    /// A v2 cgroup that gives controllers to its children cannot hold processes itself: then the one that init is in takes its place, as
    /// with runc. False when that is the same.
    /// </summary>
    public bool FallBackToInit(int init)
    {
        SysResult read = CgroupFile.TryReadAll("/proc/" + init.ToString(CultureInfo.InvariantCulture) + "/cgroup", out byte[] content);
        if (read.IsError || _unified is null)
        {
            return false;
        }

        foreach (CgroupHierarchy hierarchy in CgroupLayout.Detect().Hierarchies)
        {
            var lines = new SelfCgroupReader(content);
            while (hierarchy.IsUnified && lines.Next())
            {
                string own = CgroupPath.Join(hierarchy.MountPoint, CgroupPath.Clean(Encoding.UTF8.GetString(lines.Path)));
                if (lines.IsUnified && own != _unified)
                {
                    _unified = own;
                    Reopen();
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>The error of a process that could not enter: the beginning is runc's.</summary>
    public ContainerException Failed(Errno errno) => Failed(_unified ?? "", errno);

    /// <inheritdoc/>
    public void Dispose() => Unified?.Dispose();

    private static ContainerException Failed(string directory, Errno errno)
    {
        string? hint = errno switch
        {
            Errno.ENOENT or Errno.ENODEV => "it does not exist, or was removed meanwhile",
            Errno.EBUSY => "a cgroup whose controllers are enabled for its children (cgroup.subtree_control) cannot hold processes",
            Errno.EOPNOTSUPP => "the cgroup is in threaded mode or invalid: check its cgroup.type",
            Errno.EAGAIN => "its pids limit, or one above it, is reached",
            _ => null,
        };
        string self = Sys.GetPid().ToString(CultureInfo.InvariantCulture);
        return new ContainerException(
            $"error adding pid {self} to cgroups: '{directory}': {ErrnoHints.Cause(errno, hint)}");
    }

    private void Reopen()
    {
        Unified?.Dispose();
        Unified = null;
        if (_unified is not null)
        {
            SysResult opened = Sys.Open(_unified, O.RDONLY | O.DIRECTORY | O.CLOEXEC);
            Unified = opened.IsError ? throw Failed(_unified, opened.Errno) : new Fd(opened.Int);
        }
    }
}
