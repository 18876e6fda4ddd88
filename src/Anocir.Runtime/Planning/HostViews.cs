using System;
using System.Collections.Generic;
using System.Text;
using Anocir.Linux;
using Anocir.Plan;
using Anocir.Runtime.Cgroups;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Planning;

/// <summary>
/// What --no-pivot leaves behind: after MS_MOVE and chroot the host's proc and sysfs are still in the mount namespace. No path leads there, but
/// as long as one of them can be seen whole, the kernel lets a user namespace of the container mount a new one, without the masks. So each is
/// covered (runc unmounts them).
/// </summary>
internal static class HostViews
{
    /// <summary>Mount points of whole proc and sysfs file systems in this process's mount namespace, outside <paramref name="rootfs"/>.</summary>
    public static string[] Find(string rootfs)
    {
        SysResult opened = Sys.Open("/proc/self/mountinfo", O.RDONLY | O.CLOEXEC);
        if (opened.IsError)
        {
            return ["/proc", "/sys"];
        }

        using var file = new Fd(opened.Int);
        return SmallFile.Read(file.Number, out byte[] content).IsError ? ["/proc", "/sys"] : Find(content, rootfs);
    }

    /// <summary>The same in the content of a mountinfo file (proc_pid_mountinfo(5)).</summary>
    public static string[] Find(ReadOnlySpan<byte> mounts, string rootfs)
    {
        const int Root = 3;
        const int MountPoint = 4;
        List<string> found = [];
        foreach (Range range in mounts.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = mounts[range];
            int dash = line.IndexOf(" - "u8);
            ReadOnlySpan<byte> type = dash < 0 ? default : line[(dash + 3)..];
            if (!type.StartsWith("proc "u8) && !type.StartsWith("sysfs "u8))
            {
                continue;
            }

            string[] fields = Encoding.UTF8.GetString(line[..dash]).Split(' ');
            string point = CgroupMountTable.Unescape(Encoding.UTF8.GetBytes(fields[MountPoint]));
            if (fields[Root] == "/" && point != rootfs && !point.StartsWith(rootfs + "/", StringComparison.Ordinal) && !found.Contains(point))
            {
                found.Add(point);
            }
        }

        return [.. found];
    }

    /// <summary>Covers each with an empty, read-only tmpfs, of which nothing reaches the host.</summary>
    public static void Cover(PlanWriter plan, string[] points)
    {
        plan.Origin = "option --no-pivot";
        short context = plan.NewSlot();
        short tree = plan.NewSlot();
        short place = plan.NewSlot();
        foreach (string point in points)
        {
            // The cover is a child of what it covers: that must not be shared, whatever rootfsPropagation says. One that cannot be
            // reached by its path lies below another mount, which hides it.
            uint path = plan.Str(point);
            int index = plan.Count;
            ref Step own = ref plan.Add(StepKind.SetPropagation);
            own.S0 = path;
            own.X = MS.PRIVATE;
            own.ErrnoSet = ErrnoSets.Of(Errno.EINVAL, Errno.ENOENT, Errno.ENOTDIR, Errno.EACCES);
            ref Step open = ref plan.Add(StepKind.Open);
            open.SlotA = place;
            open.S0 = path;
            open.X = (uint)(O.PATH | O.DIRECTORY);
            FsSteps.Open(plan, context, "tmpfs");
            FsSteps.SetString(plan, context, "size", "0");
            FsSteps.SetString(plan, context, "nr_inodes", "2");
            FsSteps.Create(plan, context);
            FsSteps.Mount(plan, context, tree, MountAttr.RDONLY | MountAttr.NOSUID | MountAttr.NODEV | MountAttr.NOEXEC);
            ref Step move = ref plan.Add(StepKind.MoveMount);
            move.SlotA = tree;
            move.SlotB = place;
            plan.ElseHere(index);
        }

        plan.Add(StepKind.Close).SlotA = tree;
        plan.Add(StepKind.Close).SlotA = place;
    }
}
