using System.Collections.Generic;
using System.Text;
using Anocir.Linux;
using Anocir.Runtime.Errors;

namespace Anocir.Runtime.Cgroups.Limits;

/// <summary>Writes limits into the files of a cgroup.</summary>
public static class LimitWriter
{
    /// <summary>What the files hold that the writes are for, as writes: what <see cref="Restore"/> takes.</summary>
    public static List<LimitWrite> Old(CgroupDirectories directories, List<LimitWrite> writes)
    {
        var old = new List<LimitWrite>(writes.Count);
        var facts = new DirectoryFacts(directories);
        foreach (LimitWrite write in writes)
        {
            if (facts.Read(write.Controller, write.File) is { } content && LimitRestore.Value(write.File, write.Value, content) is { } value)
            {
                old.Add(write with { Value = value });
            }
        }

        KeepWeight(old, facts, directories.IsUnified);
        return old;
    }

    // Switching cpu.idle resets the weight, and there can be none while it is 1 (kernel/sched/fair.c, sched_group_set_idle and
    // sched_group_set_shares): the old weight goes first, and so comes back last.
    private static void KeepWeight(List<LimitWrite> old, DirectoryFacts facts, bool isUnified)
    {
        int at = old.FindIndex(static write => write.File == "cpu.idle");
        if (at < 0)
        {
            return;
        }

        LimitWrite idle = old[at];
        string file = isUnified ? "cpu.weight" : "cpu.shares";
        _ = old.RemoveAll(write => write.File == file || write.File == "cpu.weight.nice");
        if (idle.Value != "1" && facts.Read("cpu", file) is { } weight)
        {
            old.Insert(0, idle with { File = file, Value = weight });
        }
    }

    /// <summary>Writes old content back, as far as it goes. What one value allows may forbid another: backwards is the only order that is known to work.</summary>
    public static void Restore(CgroupDirectories directories, List<LimitWrite> old)
    {
        for (int i = old.Count - 1; i >= 0; i--)
        {
            _ = Try(directories, old[i]);
        }
    }

    /// <summary>Writes limits in order and stops at the first that is refused.</summary>
    /// <exception cref="ContainerException">Names property, file, value and cause.</exception>
    public static void Write(CgroupDirectories directories, List<LimitWrite> writes)
    {
        List<LimitWrite>? late = null;
        foreach (LimitWrite write in writes)
        {
            SysResult result = Try(directories, write);
            if (result.Is(Errno.EINVAL) && (write.Tolerance & LimitTolerance.RetryLater) != 0)
            {
                (late ??= []).Add(write);
                continue;
            }

            Require(directories, write, result);
            for (int i = 0; late is not null && i < late.Count;)
            {
                // Which of the later ones makes room is the kernel's to know: a burst does not, the quota behind it does.
                LimitWrite again = late[i];
                SysResult retried = default;
                if (again.Controller != write.Controller || (retried = Try(directories, again)).Is(Errno.EINVAL))
                {
                    i++;
                    continue;
                }

                late.RemoveAt(i);
                Require(directories, again, retried);
            }
        }

        // Nothing followed that could have made room.
        foreach (LimitWrite write in late ?? [])
        {
            Require(directories, write, new SysResult(-(nint)(int)Errno.EINVAL));
        }
    }

    private static SysResult Try(CgroupDirectories directories, in LimitWrite write) =>
        directories.Find(write.Controller) is { } directory
            ? CgroupFile.Write(directory + "/" + write.File, Encoding.UTF8.GetBytes(write.Value))
            : new SysResult(-(nint)(int)Errno.ENOENT);

    private static void Require(CgroupDirectories directories, in LimitWrite write, SysResult result)
    {
        if (result.IsError && !(result.Is(Errno.ENOENT) && (write.Tolerance & LimitTolerance.MayBeMissing) != 0))
        {
            throw LimitErrors.Refused(directories, write, result.Errno);
        }
    }
}
