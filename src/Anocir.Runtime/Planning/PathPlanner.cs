using System;
using System.Collections.Generic;
using Anocir.Plan;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Planning;

/// <summary>
/// linux.maskedPaths and linux.readonlyPaths (runtime-spec config-linux.md). Paths that do not exist are skipped. What covers a
/// masked file is the host's /dev/null, opened in the old tree and verified to be char 1:3, never the image's (CVE-2025-31133).
/// </summary>
public static class PathPlanner
{
    private static uint Absent => ErrnoSets.Of(Linux.Errno.ENOENT, Linux.Errno.ENOTDIR, Linux.Errno.EACCES);

    /// <summary>Makes each path read-only by a bind mount of itself.</summary>
    public static void AddReadonlyPaths(PlanWriter plan, string[] paths, ContainerTargets targets)
    {
        HashSet<string> seen = Seen();
        for (int i = 0; i < paths.Length; i++)
        {
            if (!seen.Add(paths[i]))
            {
                continue;
            }

            plan.Origin = NamespacePlanner.Index("linux.readonlyPaths", i);
            int resolve = targets.Resolve(paths[i], StepFlags.None);
            plan.At(resolve).ErrnoSet = Absent;
            targets.CloneFrom(targets.Target, recursive: true);
            targets.SetAttributes(targets.Tree, MountAttr.RDONLY, 0, recursive: false);
            targets.Attach(targets.Tree);
            plan.ElseHere(resolve);
        }
    }

    /// <summary>Covers each path: a directory with an empty read-only tmpfs (one for all), anything else with /dev/null.</summary>
    public static void AddMaskedPaths(PlanWriter plan, RuntimeConfig config, ContainerTargets targets)
    {
        string[] paths = config.Linux!.MaskedPaths;
        if (paths.Length == 0)
        {
            return;
        }

        plan.Origin = "linux.maskedPaths";
        short nothing = plan.NewSlot();
        short directory = plan.NewSlot();
        AddNull(plan, nothing);
        AddEmptyDirectory(plan, config, directory);
        HashSet<string> seen = Seen();
        for (int i = 0; i < paths.Length; i++)
        {
            if (!seen.Add(paths[i]))
            {
                continue;
            }

            plan.Origin = NamespacePlanner.Index("linux.maskedPaths", i);
            int resolve = targets.Resolve(paths[i], StepFlags.None);
            plan.At(resolve).ErrnoSet = Absent;

            int isDirectory = plan.Count;
            ref Step verify = ref plan.Add(StepKind.VerifyFile);
            verify.SlotA = targets.Target;
            verify.X = Linux.FileType.Directory;
            verify.Y = ulong.MaxValue;
            verify.ErrnoSet = ErrnoSets.Of(Linux.Errno.ENOTDIR);

            // Before Linux 6.15 only an attached mount can be cloned (EINVAL): the first directory gets the original, the others clones.
            int clone = plan.Count;
            targets.CloneFrom(directory, recursive: false);
            plan.At(clone).ErrnoSet = ErrnoSets.Of(Linux.Errno.EINVAL);
            int attach = plan.Count;
            plan.Add(StepKind.Jump);
            plan.ElseHere(clone);
            targets.Attach(directory);
            int done = plan.Count;
            plan.Add(StepKind.Jump);
            plan.ElseHere(isDirectory);
            targets.CloneFrom(nothing, recursive: false);
            plan.ElseHere(attach);
            targets.Attach(targets.Tree);
            plan.ElseHere(done);
            plan.ElseHere(resolve);
        }
    }

    // Engines add their own to a list that may have them: one mount is enough. Quadratic time would be an attack.
    private static HashSet<string> Seen() => new(StringComparer.Ordinal);

    private static void AddNull(PlanWriter plan, short slot)
    {
        uint path = plan.Str("/dev/null");
        ref Step open = ref plan.Add(StepKind.Open);
        open.SlotA = slot;
        open.S0 = path;
        open.X = (uint)(Linux.O.PATH | Linux.O.NOFOLLOW);
        ref Step verify = ref plan.Add(StepKind.VerifyFile);
        verify.SlotA = slot;
        verify.X = Linux.FileType.Char;
        verify.Y = (1UL << 32) | 3;
    }

    // Never attached to the old tree: with a shared rootfsPropagation that would reach the host.
    private static void AddEmptyDirectory(PlanWriter plan, RuntimeConfig config, short slot)
    {
        short context = plan.NewSlot();
        FsSteps.Open(plan, context, "tmpfs");
        FsSteps.SetString(plan, context, "size", "0");
        FsSteps.SetString(plan, context, "nr_inodes", "2");
        FsSteps.SetString(plan, context, "mode", "0755");
        MountLabelPlanner.AddOption(plan, config, context, "tmpfs");
        FsSteps.Create(plan, context);
        FsSteps.Mount(plan, context, slot, MountAttr.RDONLY | MountAttr.NOSUID | MountAttr.NODEV | MountAttr.NOEXEC);
    }
}
