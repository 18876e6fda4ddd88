using Anocir.Plan;

namespace Anocir.Runtime.Planning;

/// <summary>Steps that resolve paths of the container: always inside the root, then used by fd (CVE-2021-30465).</summary>
public sealed class ContainerTargets(PlanWriter plan)
{
    /// <summary>Mode of directories made for mount targets; as runc.</summary>
    public const uint DirectoryMode = 0x1ed; // 0755

    /// <summary>Mode of empty files made for file mount targets; as runc.</summary>
    public const uint FileMode = 0x1a4; // 0644

    /// <summary>The slot that holds the target of the mount being made.</summary>
    public short Target { get; } = plan.NewSlot();

    /// <summary>The slot that holds the mount being made.</summary>
    public short Tree { get; } = plan.NewSlot();

    /// <summary>Resolves <paramref name="path"/> into <see cref="Target"/>; returns the step's index.</summary>
    public int Resolve(string path, StepFlags flags)
    {
        int index = plan.Count;
        uint operand = plan.Str(path);
        ref Step step = ref plan.Add(StepKind.ResolveTarget);
        step.SlotA = Target;
        step.SlotB = Slots.Root;
        step.S0 = operand;
        step.Flags = (ushort)flags;
        if ((flags & (StepFlags.CreateDirectory | StepFlags.CreateFile)) != 0)
        {
            step.X = DirectoryMode;
            step.Y = FileMode;
        }

        return index;
    }

    /// <summary>Attaches the mount in <paramref name="tree"/> to <see cref="Target"/>.</summary>
    public int Attach(short tree) => Attach(tree, Target, 0);

    /// <summary>
    /// Makes the directory <paramref name="name"/> in <paramref name="directory"/>, the root of a mount that this plan has just made: nobody
    /// else has been there, so the name is what it says and nothing need be resolved.
    /// </summary>
    public void MakeFresh(short directory, string name)
    {
        uint operand = plan.Str(name);
        ref Step make = ref plan.Add(StepKind.MakeNode);
        make.SlotB = directory;
        make.S0 = operand;
        make.X = Linux.FileType.Directory | DirectoryMode;
        make.Flags = (ushort)StepFlags.Fresh;
    }

    /// <summary>Attaches the mount in <paramref name="tree"/> to what <see cref="MakeFresh"/> made.</summary>
    public int AttachFresh(short tree, short directory, string name) => Attach(tree, directory, plan.Str(name));

    /// <summary>Clones the mount (or subtree) that <paramref name="from"/> refers to into <see cref="Tree"/>.</summary>
    public void CloneFrom(short from, bool recursive)
    {
        uint empty = plan.Str("");
        ref Step open = ref plan.Add(StepKind.OpenTree);
        open.SlotA = Tree;
        open.SlotB = from;
        open.S0 = empty;
        open.X = OpenTreeFlags.Clone | OpenTreeFlags.EmptyPath | (recursive ? OpenTreeFlags.Recursive : 0);
    }

    /// <summary>mount_setattr on a slot.</summary>
    public void SetAttributes(short slot, uint set, uint clear, bool recursive)
    {
        ref Step step = ref plan.Add(StepKind.MountSetattr);
        step.SlotA = slot;
        step.X = set;
        step.Y = clear;
        step.Flags = (ushort)(recursive ? StepFlags.Recursive : StepFlags.None);
    }

    /// <summary>Propagation of the mount in a slot: MS_* flags with or without MS_REC.</summary>
    public void SetPropagation(short slot, uint flags)
    {
        ref Step step = ref plan.Add(StepKind.MountSetattr);
        step.SlotA = slot;
        step.Z = flags & ~MS.REC;
        step.Flags = (ushort)((flags & MS.REC) != 0 ? StepFlags.Recursive : StepFlags.None);
    }

    /// <summary>All the propagation that options ask for, one after the other.</summary>
    public void SetPropagation(short slot, in MountOptions options)
    {
        foreach (uint flags in options.Propagation ?? [])
        {
            SetPropagation(slot, flags);
        }
    }

    private int Attach(short tree, short target, uint name)
    {
        int index = plan.Count;
        ref Step move = ref plan.Add(StepKind.MoveMount);
        move.SlotA = tree;
        move.SlotB = target;
        move.S0 = name;
        return index;
    }
}
