using System;
using System.Collections.Generic;
using System.Threading;
using Anocir.Linux;
using Anocir.Runtime.Errors;

namespace Anocir.Runtime.Cgroups;

public static partial class CgroupfsDriver
{
    private const int SigKill = 9;

    /// <summary>Removal is tried this often with pauses of 1, 2, 4 … ms between: two seconds in all.</summary>
    private const int RemovalAttempts = 12;

    /// <summary>
    /// Removes the directories and their sub-cgroups, in each hierarchy. One that does not exist is fine. The usual case, empty and without
    /// children, is one rmdir(2) for each.
    /// </summary>
    /// <exception cref="ContainerException">Something stays behind: names the first cgroup and the processes in it.</exception>
    public static void Destroy(ReadOnlySpan<string> directories, CgroupRemoval removal)
    {
        ContainerException? failure = null;
        foreach (string directory in directories)
        {
            SysResult result = Remove(directory);
            if (result.IsError && !IsGone(directory))
            {
                failure ??= removal == CgroupRemoval.KillProcesses ? DestroyTree(directory) : DestroyEmpty(directory);
            }
        }

        if (failure is not null)
        {
            throw failure;
        }
    }

    private static SysResult Remove(string directory)
    {
        SysResult result = Sys.UnlinkAt(At.FDCWD, directory, At.REMOVEDIR);
        return result.Is(Errno.ENOENT) || result.Is(Errno.ENODEV) ? new SysResult(0) : result;
    }

    /// <summary>A read-only mount answers EROFS even for a directory that is not there.</summary>
    private static bool IsGone(string directory) => Sys.AccessAt(At.FDCWD, directory, 0).Is(Errno.ENOENT);

    private static ContainerException? DestroyEmpty(string directory)
    {
        if (CgroupProcesses.Count(directory) != 0)
        {
            return null;
        }

        SysResult result = RemoveChildrenAndSelf(directory);
        return result.IsError && !result.Is(Errno.EBUSY)
            ? ContainerException.System("remove cgroup", directory, result.Errno, RemovalHint(result.Errno))
            : null;
    }

    private static ContainerException? DestroyTree(string directory)
    {
        var pids = new List<int>();
        SysResult result = default;
        for (int attempt = 0; attempt < RemovalAttempts; attempt++)
        {
            if (attempt != 0)
            {
#pragma warning disable RS0030 // bounded back-off: the kernel has no event for this
                Thread.Sleep(1 << (attempt - 1));
#pragma warning restore RS0030
            }

            pids.Clear();
            CgroupProcesses.Collect(directory, pids);
            if (pids.Contains(Environment.ProcessId))
            {
                return new ContainerException($"cannot remove cgroup '{directory}': this command runs in it; hint: run it from another cgroup");
            }

            if (pids.Count != 0)
            {
                Kill(directory, pids);
            }

            result = RemoveChildrenAndSelf(directory);
            if (!result.IsError)
            {
                return null;
            }

            if (!result.Is(Errno.EBUSY))
            {
                break;
            }
        }

        string who = pids.Count == 0 ? "" : $" (processes {string.Join(", ", pids)})";
        return new ContainerException($"cannot remove cgroup '{directory}'{who}: {ErrnoText.Describe(result.Errno)}"
            + (RemovalHint(result.Errno) is { } hint ? "; hint: " + hint : ""));
    }

    /// <summary>cgroup.kill where the kernel has it (v2), else a signal to each process; frozen ones die when thawed.</summary>
    private static void Kill(string directory, List<int> pids)
    {
        if (!CgroupFile.Write(directory + "/cgroup.kill", "1"u8).IsError)
        {
            return;
        }

        foreach (int pid in pids)
        {
            // 0 stands for a process of another PID namespace; kill(0) would hit our own process group.
            if (pid > 0)
            {
                _ = Sys.Kill(pid, SigKill);
            }
        }

        if (CgroupProcesses.IsFrozen(directory))
        {
            _ = CgroupFile.Write(directory + "/freezer.state", "THAWED"u8);
        }
    }

    private static SysResult RemoveChildrenAndSelf(string directory)
    {
        foreach (string child in CgroupDirectory.Children(directory))
        {
            _ = RemoveChildrenAndSelf(directory + "/" + child); // what stays makes the last rmdir fail
        }

        return Remove(directory);
    }

    private static string? RemovalHint(Errno errno) => errno switch
    {
        Errno.EBUSY => "processes in it cannot be killed (state D, or another user's), or it is a mount point",
        Errno.EROFS => "the cgroup file system is mounted read-only here",
        Errno.EACCES or Errno.EPERM => "run as the user who created the container",
        _ => null,
    };
}
