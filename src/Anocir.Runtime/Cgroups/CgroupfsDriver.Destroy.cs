using System;
using System.Collections.Generic;
using System.Threading;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Launch;

namespace Anocir.Runtime.Cgroups;

public static partial class CgroupfsDriver
{
    /// <summary>Removal is tried this often with pauses of 1, 2, 4 … ms between: two seconds in all.</summary>
    private const int RemovalAttempts = 12;

    /// <summary>Without killing: long enough (63 ms) for an init that has just lost its controller to be gone.</summary>
    private const int EmptyRemovalAttempts = 7;

    /// <summary>
    /// Removes the directories and their sub-cgroups, in each hierarchy. One that does not exist is fine. The usual case, empty and without
    /// children, is one rmdir(2) for each.
    /// </summary>
    /// <returns>A cgroup that was left to processes of others (<see cref="CgroupRemoval.OnlyEmpty"/>), or null.</returns>
    /// <exception cref="ContainerException">Something stays behind: names the first cgroup and the processes in it.</exception>
    public static string? Destroy(ReadOnlySpan<string> directories, CgroupRemoval removal)
    {
        List<string>? left = null;
        foreach (string directory in directories)
        {
            if (Remove(directory).IsError && !IsGone(directory))
            {
                (left ??= []).Add(directory);
            }
        }

        return left is null ? null : DestroyOccupied(left, removal);
    }

    private static string? DestroyOccupied(List<string> directories, CgroupRemoval removal)
    {
        bool kill = removal == CgroupRemoval.KillProcesses;
        SysResult failure = default;
        for (int attempt = 0; directories.Count != 0 && attempt < RemovalAttempts; attempt++)
        {
            if (attempt != 0)
            {
                // Killed processes leave their cgroups only when they have been scheduled once more.
#pragma warning disable RS0030 // bounded back-off: cgroup v1 has no event for this
                Thread.Sleep(1 << (attempt - 1));
#pragma warning restore RS0030
            }

            if (kill)
            {
                CgroupKiller.KillAll(directories);
            }

            failure = RemoveTrees(directories, kill);
            if ((failure.IsError && !failure.Is(Errno.EBUSY)) || (!kill && attempt + 1 >= EmptyRemovalAttempts && CgroupProcesses.FirstOccupied(directories) is not null))
            {
                break;
            }
        }

        return directories.Count == 0 ? null
            : !kill && failure.Is(Errno.EBUSY) && CgroupProcesses.FirstOccupied(directories) is { } occupied ? occupied
            : throw Failed(directories[0], failure.Errno);
    }

    /// <summary>Removes what can be removed and takes it off the list; the first error other than EBUSY counts, else EBUSY.</summary>
    private static SysResult RemoveTrees(List<string> directories, bool evenWithProcesses)
    {
        SysResult failure = default;
        for (int i = directories.Count - 1; i >= 0; i--)
        {
            SysResult result = !evenWithProcesses && CgroupProcesses.Count(directories[i]) != 0
                ? new SysResult(-(nint)(int)Errno.EBUSY)
                : RemoveTree(directories[i]);
            if (!result.IsError)
            {
                directories.RemoveAt(i);
            }
            else if (!failure.IsError || failure.Is(Errno.EBUSY))
            {
                failure = result;
            }
        }

        return failure;
    }

    private static SysResult Remove(string directory)
    {
        SysResult result = Sys.UnlinkAt(At.FDCWD, directory, At.REMOVEDIR);
        return result.Is(Errno.ENOENT) || result.Is(Errno.ENODEV) ? new SysResult(0) : result;
    }

    /// <summary>Sub-cgroups first; one that stays makes the last rmdir fail.</summary>
    private static SysResult RemoveTree(string directory)
    {
        foreach (string child in CgroupDirectory.Children(directory))
        {
            _ = RemoveTree(directory + "/" + child);
        }

        return Remove(directory);
    }

    /// <summary>A read-only mount answers EROFS even for a directory that is not there.</summary>
    private static bool IsGone(string directory) => Sys.AccessAt(At.FDCWD, directory, 0).Is(Errno.ENOENT);

    private static ContainerException Failed(string directory, Errno errno)
    {
        var pids = new List<int>();
        CgroupProcesses.Collect(directory, pids);
        string? hint = errno switch
        {
            Errno.EBUSY when pids.Count != 0 => "its processes could not be killed: in state D, in a frozen parent cgroup, or not yours",
            Errno.EROFS => "the cgroup file system is mounted read-only here",
            Errno.EACCES or Errno.EPERM => "run as the user who created the container",
            _ => null,
        };
        return new ContainerException(
            $"cannot remove cgroup '{directory}'{Describe(pids)}: {ErrnoHints.Cause(errno, hint)}");
    }

    // What the first of them are doing is what the removal waits for.
    private static string Describe(List<int> pids)
    {
        const int Shown = 3;
        if (pids.Count == 0)
        {
            return "";
        }

        string text = $" with {pids.Count} process(es)";
        for (int i = 0; i < pids.Count && i < Shown; i++)
        {
            text += " " + ProcessState.Describe(pids[i]);
        }

        return text;
    }
}
