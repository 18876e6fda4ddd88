using Anocir.Plan;

namespace Anocir.Runtime.Planning;

/// <summary>The root file system: propagation of the old tree, the bind mount of root.path, and the switch to it.</summary>
public sealed class RootPlanner(PlanWriter plan, PlanInputs inputs, SourcePlanner sources)
{
    /// <summary>
    /// Makes the old tree a slave (or what rootfsPropagation says) and mounts root.path on itself. Without a mount namespace of its
    /// own the old tree is the caller's and stays as it is; delete takes the mount of root.path away again.
    /// </summary>
    public void AddRootMount(bool ownMounts)
    {
        if (ownMounts)
        {
            AddOldTreePropagation(Propagation(inputs.Config.Linux!.RootfsPropagation));
        }

        plan.Origin = "root.path";
        sources.Open(inputs.Rootfs, OpenTreeFlags.Recursive, Slots.Root);
        short place = plan.NewSlot();
        sources.OpenPlace(inputs.Rootfs, place);
        ref Step move = ref plan.Add(StepKind.MoveMount);
        move.SlotA = Slots.Root;
        move.SlotB = place;
        plan.Add(StepKind.Close).SlotA = place;
    }

    private void AddOldTreePropagation(uint propagation)
    {
        plan.Origin = "linux.rootfsPropagation";
        uint slash = plan.Str("/");
        ref Step set = ref plan.Add(StepKind.SetPropagation);
        set.S0 = slash;

        // An unbindable tree could not be cloned for the new root; the propagation of that is set after the switch.
        uint old = propagation == 0 || (propagation & MS.UNBINDABLE) != 0 ? MS.SLAVE | MS.REC : propagation;
        set.X = old;

        plan.Origin = "root.path";
        if ((old & MS.SHARED) != 0 || (old & MS.REC) == 0)
        {
            // It may still be shared. pivot_root(2) refuses a new root whose parent mount is, and mounts made below would reach the host.
            // What is cloned from a slave is one, too, which is what "slave" asks for.
            uint parent = plan.Str(MountPoints.ContainingMount(inputs.Rootfs));
            ref Step own = ref plan.Add(StepKind.SetPropagation);
            own.S0 = parent;
            own.X = (old & MS.SLAVE) != 0 ? MS.SLAVE : MS.PRIVATE;
        }
    }

    /// <summary>Enters the new root and makes it final: propagation, then read-only.</summary>
    public void AddSwitch(bool ownMounts)
    {
        bool pivot = ownMounts && !inputs.NoPivot;
        if (ownMounts && inputs.NoPivot)
        {
            // What is moved onto a shared mount appears on its peers too: the container's root would cover the host's.
            plan.Origin = "option --no-pivot";
            uint old = plan.Str("/");
            ref Step own = ref plan.Add(StepKind.SetPropagation);
            own.S0 = old;
            own.X = MS.PRIVATE;
            HostViews.Cover(plan, inputs.HostViews);
        }

        plan.Origin = "root.path";
        plan.Add(pivot ? StepKind.PivotRoot : ownMounts ? StepKind.MoveRoot : StepKind.ChangeRoot).SlotA = Slots.Root;
        if (!ownMounts)
        {
            return;
        }

        uint propagation = Propagation(inputs.Config.Linux!.RootfsPropagation);
        if (propagation != 0)
        {
            plan.Origin = "linux.rootfsPropagation";
            uint slash = plan.Str("/");
            ref Step set = ref plan.Add(StepKind.SetPropagation);
            set.S0 = slash;
            set.X = propagation;
        }

        if (inputs.Config.Root?.Readonly == true)
        {
            plan.Origin = "root.readonly";
            ref Step step = ref plan.Add(StepKind.MountSetattr);
            step.SlotA = Slots.Root;
            step.X = MountAttr.RDONLY;
        }
    }

    /// <summary>MS_* flags of a rootfsPropagation name; 0 for none.</summary>
    public static uint Propagation(string? name) => name switch
    {
        "shared" => MS.SHARED,
        "rshared" => MS.SHARED | MS.REC,
        "slave" => MS.SLAVE,
        "rslave" => MS.SLAVE | MS.REC,
        "private" => MS.PRIVATE,
        "rprivate" => MS.PRIVATE | MS.REC,
        "unbindable" => MS.UNBINDABLE,
        "runbindable" => MS.UNBINDABLE | MS.REC,
        _ => 0,
    };
}
