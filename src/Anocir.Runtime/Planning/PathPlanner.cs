using Anocir.Plan;

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
        for (int i = 0; i < paths.Length; i++)
        {
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
    public static void AddMaskedPaths(PlanWriter plan, string[] paths, ContainerTargets targets)
    {
        if (paths.Length == 0)
        {
            return;
        }

        plan.Origin = "linux.maskedPaths";
        short nothing = plan.NewSlot();
        short directory = plan.NewSlot();
        AddNull(plan, nothing);
        AddEmptyDirectory(plan, directory, targets);
        for (int i = 0; i < paths.Length; i++)
        {
            plan.Origin = NamespacePlanner.Index("linux.maskedPaths", i);
            int resolve = targets.Resolve(paths[i], StepFlags.None);
            plan.At(resolve).ErrnoSet = Absent;

            int isDirectory = plan.Count;
            ref Step verify = ref plan.Add(StepKind.VerifyFile);
            verify.SlotA = targets.Target;
            verify.X = Linux.FileType.Directory;
            verify.Y = ulong.MaxValue;
            verify.ErrnoSet = ErrnoSets.Of(Linux.Errno.ENOTDIR);

            targets.CloneFrom(directory, recursive: false);
            int skip = plan.Count;
            plan.Add(StepKind.Jump);
            plan.ElseHere(isDirectory);
            targets.CloneFrom(nothing, recursive: false);
            plan.ElseHere(skip);
            targets.Attach(targets.Tree);
            plan.ElseHere(resolve);
        }
    }

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

    // open_tree(OPEN_TREE_CLONE) wants an attached mount before Linux 6.15, so the tmpfs covers the old tree's /proc, which nothing
    // needs any more, and goes away with the old tree. (Not its "/": umount2(".") would then take the tmpfs instead of the old root.)
    private static void AddEmptyDirectory(PlanWriter plan, short slot, ContainerTargets targets)
    {
        short context = plan.NewSlot();
        FsSteps.Open(plan, context, "tmpfs");
        FsSteps.SetString(plan, context, "size", "0");
        FsSteps.SetString(plan, context, "nr_inodes", "2");
        FsSteps.SetString(plan, context, "mode", "0755");
        FsSteps.Create(plan, context);
        FsSteps.Mount(plan, context, slot, MountAttr.RDONLY | MountAttr.NOSUID | MountAttr.NODEV | MountAttr.NOEXEC);
        uint place = plan.Str("/proc");
        ref Step root = ref plan.Add(StepKind.Open);
        root.SlotA = context;
        root.S0 = place;
        root.X = (uint)(Linux.O.PATH | Linux.O.DIRECTORY);
        ref Step move = ref plan.Add(StepKind.MoveMount);
        move.SlotA = slot;
        move.SlotB = context;
    }
}
