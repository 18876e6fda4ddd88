using System;
using System.Threading;
using Anocir.Linux;
using Anocir.Runtime.Errors;

namespace Anocir.Runtime.Cgroups;

/// <summary>
/// Makes, enters and removes the cgroup of a container by way of the cgroup file system. The order is
/// <see cref="Prepare"/> (pure), the container's record on disk, <see cref="Create"/>, entering, and at the end <see cref="Destroy"/>.
/// </summary>
public static partial class CgroupfsDriver
{
    /// <summary>
    /// The directories of a container's cgroup; touches nothing.
    /// <para>
    /// An absolute <paramref name="cgroupsPath"/> counts from the mount point of each hierarchy. A relative one counts from the
    /// caller's own cgroup, on a unified host from its parent, because a v2 cgroup with processes cannot give controllers to children.
    /// Without a path it is the container's ID, relative. <c>..</c> never leads above the starting point (all as runc does).
    /// </para>
    /// </summary>
    /// <param name="layout">The host's hierarchies.</param>
    /// <param name="cgroupsPath">linux.cgroupsPath.</param>
    /// <param name="id">The container's ID.</param>
    /// <param name="rootless">Whether devices need not be confined.</param>
    /// <exception cref="ContainerException">The path holds a NUL byte, or a v1 host has no devices hierarchy.</exception>
    public static CgroupPlan Prepare(CgroupLayout layout, string? cgroupsPath, string id, bool rootless = false)
    {
        if (!rootless && layout.Mode != CgroupMode.Unified && layout.Find("devices") is null)
        {
            throw new ContainerException("cannot confine devices: mountpoint for devices not found"
                + "; hint: mount -t cgroup -o devices cgroup /sys/fs/cgroup/devices");
        }

        if (cgroupsPath is not null && cgroupsPath.Contains('\0', StringComparison.Ordinal))
        {
            throw ContainerException.Config("linux.cgroupsPath", "must not contain a NUL byte");
        }

        string path = string.IsNullOrEmpty(cgroupsPath) ? id : cgroupsPath;
        bool absolute = path[0] == '/';
        string cleaned = CgroupPath.Clean("/" + path);
        var targets = new CgroupTarget[layout.Hierarchies.Length];
        for (int i = 0; i < targets.Length; i++)
        {
            CgroupHierarchy hierarchy = layout.Hierarchies[i];
            string start = absolute ? "/" : layout.Mode == CgroupMode.Unified ? CgroupPath.Parent(hierarchy.OwnPath) : hierarchy.OwnPath;
            targets[i] = new CgroupTarget(hierarchy, start is "/" ? cleaned : CgroupPath.Join(start, cleaned));
        }

        return new CgroupPlan(layout.Mode, targets);
    }

    /// <summary>
    /// Moves a process (all its threads) into every hierarchy through <c>cgroup.procs</c>. For processes that we did not make; prefer what
    /// <see cref="CgroupPlan.SelfJoinFiles"/> describes.
    /// </summary>
    public static void Join(CgroupPlan plan, int pid, bool unifiedToo = true)
    {
        Span<byte> text = stackalloc byte[16];
        _ = System.Buffers.Text.Utf8Formatter.TryFormat(pid, text, out int length);
        foreach (CgroupTarget target in plan.Targets)
        {
            if (!target.Hierarchy.IsUnified || unifiedToo)
            {
                Join(target.Directory + "/cgroup.procs", text[..length]);
            }
        }
    }

    /// <summary>
    /// Makes a v2 cgroup below one that a process is alone in, moves it there, and only then enables controllers for it: with a process in the
    /// upper one the kernel would enable some of them and make the lower one threaded (cgroup-v2.rst "No Internal Process Constraint").
    /// </summary>
    /// <exception cref="ContainerException">The directory cannot be made, or the process not be moved.</exception>
    public static void Enter(CgroupTarget target, int pid)
    {
        using var made = new CgroupCreation();
        _ = MakeDirectory(target.Directory, made);
        Join(new CgroupPlan(CgroupMode.Unified, [target]), pid);
        UnifiedControllers.Enable(target, null);
    }

    private static void Join(string file, ReadOnlySpan<byte> pid)
    {
        // The kernel answers EINVAL for a task that was just forked and not yet woken.
        const int Attempts = 5;
        const int PauseMilliseconds = 10;
        for (int attempt = 1; ; attempt++)
        {
            SysResult result = CgroupFile.Write(file, pid);
            if (!result.IsError)
            {
                return;
            }

            if (!result.Is(Errno.EINVAL) || attempt == Attempts)
            {
                throw CgroupErrors.Join(file, result.Errno);
            }

#pragma warning disable RS0030 // bounded back-off: the kernel has no event for this
            Thread.Sleep(PauseMilliseconds);
#pragma warning restore RS0030
        }
    }
}
