using System;
using System.Collections.Generic;
using Anocir.Plan;
using Anocir.Runtime.Cgroups;

namespace Anocir.Runtime.Planning;

/// <summary>A mount of type cgroup: on v2 one file system, on v1 a tmpfs with one mount per hierarchy (<see cref="CgroupMounts"/>).</summary>
internal sealed class CgroupMountPlanner(PlanWriter plan, PlanInputs inputs, ContainerTargets targets, short context)
{
    /// <summary>Adds the parts; what must stay writable until the end is appended to <paramref name="readonlyLater"/>.</summary>
    public void Add(in MountOptions options, string destination, List<(short Slot, string Origin)> readonlyLater)
    {
        short top = Step.NoSlot;
        foreach (CgroupMount part in inputs.CgroupMounts)
        {
            uint attributes = (uint)part.Attributes | options.Set;
            if (part.Kind == CgroupMountKind.Symlink)
            {
                AddLink(part, top);
                continue;
            }

            if (part.Name.Length == 0)
            {
                targets.Resolve(destination, StepFlags.CreateDirectory | StepFlags.NoSymlinks);
            }
            else
            {
                targets.MakeFresh(top, part.Name);
            }

            bool later = part.ReadonlyLast && (attributes & MountAttr.RDONLY) != 0;
            short tree = targets.Tree;
            if (part.Name.Length == 0 && inputs.CgroupMounts.Count > 1)
            {
                top = tree = plan.NewSlot();
            }

            if (part.Kind == CgroupMountKind.Bind)
            {
                AddBind(part.Source, tree, attributes);
            }
            else
            {
                AddFileSystem(part, tree, later ? attributes & ~MountAttr.RDONLY : attributes);
            }

            if (part.Name.Length == 0)
            {
                targets.Attach(tree);
            }
            else
            {
                targets.AttachFresh(tree, top, part.Name);
            }

            foreach (uint flags in options.Propagation ?? [])
            {
                targets.SetPropagation(tree, flags);
            }

            if (later)
            {
                readonlyLater.Add((tree, plan.Origin));
            }
        }
    }

    private void AddLink(CgroupMount part, short top)
    {
        uint name = plan.Str(part.Name);
        uint target = plan.Str(part.Source);
        ref Step link = ref plan.Add(StepKind.MakeSymlink);
        link.SlotB = top;
        link.S0 = name;
        link.S1 = target;
        link.X = 1;
    }

    private void AddBind(string source, short tree, uint attributes)
    {
        uint path = plan.Str(source);
        ref Step open = ref plan.Add(StepKind.OpenTree);
        open.SlotA = tree;
        open.S0 = path;
        open.X = OpenTreeFlags.Clone | OpenTreeFlags.Recursive;
        targets.SetAttributes(tree, attributes, 0, recursive: false);
    }

    private void AddFileSystem(CgroupMount part, short tree, uint attributes)
    {
        FsSteps.Open(plan, context, part.FileSystem);
        FsSteps.SetString(plan, context, "source", part.FileSystem == "cgroup2" ? "cgroup" : part.FileSystem);
        foreach (string option in part.Data.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = option.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                FsSteps.SetString(plan, context, option[..equals], option[(equals + 1)..]);
            }
            else
            {
                FsSteps.SetFlag(plan, context, option);
            }
        }

        int create = FsSteps.Create(plan, context);
        int mounted = FsSteps.Mount(plan, context, tree, attributes);
        if (part.FileSystem != "cgroup2")
        {
            return;
        }

        // A user namespace may mount cgroup2 only from within a cgroup namespace it owns.
        plan.At(create).ErrnoSet = plan.At(mounted).ErrnoSet = ErrnoSets.Of(Linux.Errno.EPERM, Linux.Errno.EBUSY);
        int over = plan.Count;
        plan.Add(StepKind.Jump);
        plan.ElseHere(create);
        plan.ElseHere(mounted);
        AddBind(part.Source, tree, attributes);
        plan.ElseHere(over);
    }
}
