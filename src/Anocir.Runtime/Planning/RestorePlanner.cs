using System;
using System.Collections.Generic;
using Anocir.Plan;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Planning;

/// <summary>
/// The helper of a restore: in a mount namespace of its own, so that nothing of it reaches the host, whatever kills it, it makes the places to mount
/// on that the checkpointed container had, mounts the root where CRIU wants it, waits to be moved into the cgroups, and executes CRIU.
/// </summary>
public static class RestorePlanner
{
    private const uint UsualUmask = 0x12; // 022
    private const uint LastFd = int.MaxValue;
    private const uint CloseRangeCloexec = 4;

    /// <summary>Builds the plan.</summary>
    public static PlanWriter Build(RestoreInputs inputs)
    {
        var plan = new PlanWriter { Origin = "restore" };
        plan.SetSlot(Slots.Sync, inputs.SyncFd);
        AddCloseOnExec(plan, inputs.Kept);
        plan.Add(StepKind.SetName).S0 = plan.Str("anocir");
        plan.Add(StepKind.SetParentDeathSignal).X = 9;
        plan.Add(StepKind.Unshare).X = CloneNew.Mount;
        uint slash = plan.Str("/");
        ref Step slave = ref plan.Add(StepKind.SetPropagation);
        slave.S0 = slash;
        slave.X = MS.SLAVE | MS.REC;

        AddRoot(plan, inputs);
        plan.Add(StepKind.SetUmask).X = 0;
        AddPlaces(plan, inputs);
        plan.Add(StepKind.SetUmask).X = UsualUmask;

        plan.Origin = "restore";
        AddDirectories(plan, inputs.Directories);
        ref Step wait = ref plan.Add(StepKind.Sync);
        wait.X = (ulong)SyncKind.Ready;
        wait.Y = (ulong)SyncKind.CgroupsReady;
        uint program = plan.Vector([inputs.Program]);
        uint arguments = plan.Vector(inputs.Arguments);
        uint environment = plan.Vector(inputs.Environment);
        plan.Add(StepKind.FindProgram).S0 = program;

        // Without the controller CRIU stops at the next thing it wants to tell, and takes back what it has done; killed, it could not.
        plan.Add(StepKind.SetParentDeathSignal).X = 0;
        ref Step execute = ref plan.Add(StepKind.Exec);
        execute.S0 = arguments;
        execute.S1 = environment;
        return plan;
    }

    // CRIU wants the root to be a mount, and its parent not to be covered: so on another place than itself. What is mounted below root.path later, in
    // the caller's tree, does not appear there.
    private static void AddRoot(PlanWriter plan, RestoreInputs inputs)
    {
        plan.Origin = "root.path";
        short tree = plan.NewSlot();
        short place = plan.NewSlot();
        uint root = plan.Str(inputs.Rootfs);
        ref Step open = ref plan.Add(StepKind.OpenTree);
        open.SlotA = tree;
        open.S0 = root;
        open.X = OpenTreeFlags.Clone | OpenTreeFlags.Recursive;
        AddOpen(plan, place, inputs.CriuRoot);
        ref Step move = ref plan.Add(StepKind.MoveMount);
        move.SlotA = tree;
        move.SlotB = place;
        plan.Add(StepKind.Close).SlotA = tree;
        plan.Add(StepKind.Close).SlotA = place;
        AddOpen(plan, Slots.Root, inputs.Rootfs);
    }

    // As at create, less what CRIU makes: what lies on a file system that it fills or mounts itself, and mounts of type cgroup.
    private static void AddPlaces(PlanWriter plan, RestoreInputs inputs)
    {
        var targets = new ContainerTargets(plan);
        if (inputs.Config.Root?.Readonly == true)
        {
            plan.Origin = "root.readonly";
            targets.Resolve("/tmp", StepFlags.CreateDirectory); // in which CRIU leaves the old root; it cannot make a directory then
        }

        List<string> made = [];
        Mount[] mounts = inputs.Config.Mounts;
        for (int i = 0; i < mounts.Length; i++)
        {
            MountOptions options = MountOptions.Parse(mounts[i].Options);
            string destination = mounts[i].Destination;
            plan.Origin = NamespacePlanner.Index("mounts", i);
            plan.Subject = destination;
            if (options.Remount || mounts[i].Type == "cgroup" || made.Exists(m => destination.StartsWith(m, StringComparison.Ordinal)))
            {
                continue;
            }

            if (options.Bind || mounts[i].Type == "bind")
            {
                AddBind(plan, targets, BindPlanner.AbsoluteSource(inputs.Bundle, mounts[i]), in options, destination);
            }
            else
            {
                targets.Resolve(destination, StepFlags.CreateDirectory | options.Follow);
                made.Add(destination + "/");
            }
        }

        plan.Subject = "";
    }

    // Mounted here too, because places of later mounts may lie in it.
    private static void AddBind(PlanWriter plan, ContainerTargets targets, string source, in MountOptions options, string destination)
    {
        if (options.CopySymlink && BindPlanner.SymlinkTarget(source) is not null)
        {
            return;
        }

        targets.Resolve(destination, BindPlanner.SourceKind(source, options.SourceNoFollow) | options.Follow);
        uint path = plan.Str(source);
        ref Step open = ref plan.Add(StepKind.OpenTree);
        open.SlotA = targets.Tree;
        open.S0 = path;
        open.X = OpenTreeFlags.Clone | OpenTreeFlags.Recursive | (options.SourceNoFollow ? OpenTreeFlags.SymlinkNoFollow : 0);
        targets.Attach(targets.Tree);
    }

    // CRIU finds its directories by descriptors of the controller, and makes mounts in one of them: so they have to be opened in its mount namespace.
    private static void AddDirectories(PlanWriter plan, string[] paths)
    {
        short directory = plan.NewSlot();
        foreach (string path in paths)
        {
            AddOpen(plan, directory, path, Linux.O.RDONLY);
            ref Step send = ref plan.Add(StepKind.SendFd);
            send.SlotA = directory;
            send.SlotB = Slots.Sync;
            send.X = (ulong)SyncKind.Source;
        }

        plan.Add(StepKind.Close).SlotA = directory;
    }

    private static void AddOpen(PlanWriter plan, short slot, string path, int access = Linux.O.PATH)
    {
        uint operand = plan.Str(path);
        ref Step open = ref plan.Add(StepKind.Open);
        open.SlotA = slot;
        open.S0 = operand;
        open.X = (uint)(access | Linux.O.DIRECTORY);
    }

    // The standard streams and what CRIU shall have stay open over its exec, nothing else.
    private static void AddCloseOnExec(PlanWriter plan, int[] kept)
    {
        int[] sorted = [.. kept];
        Array.Sort(sorted);
        uint first = 3;
        foreach (int fd in sorted)
        {
            AddRange(plan, first, (uint)fd - 1);
            first = (uint)fd + 1;
        }

        AddRange(plan, first, LastFd);
    }

    private static void AddRange(PlanWriter plan, uint first, uint last)
    {
        if (first <= last)
        {
            ref Step range = ref plan.Add(StepKind.CloseRange);
            range.X = first;
            range.Y = last;
            range.Z = CloseRangeCloexec;
        }
    }
}
