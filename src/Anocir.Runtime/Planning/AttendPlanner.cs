using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Anocir.Linux;
using Anocir.Plan;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Planning;

/// <summary>What a foreground run needs once the container is created, or a foreground exec once its program runs.</summary>
public sealed class AttendInputs
{
    /// <summary>pidfd of the container's init.</summary>
    public required int PidFd { get; init; }

    /// <summary>exec.fifo (write end) and the answering FIFO (read end); -1 when the container is started already.</summary>
    public (int Start, int Reply) Fifos { get; init; } = (-1, -1);

    /// <summary>Most milliseconds from the start byte to exec.</summary>
    public int StartMilliseconds { get; init; }

    /// <summary>Master of the terminal, or -1.</summary>
    public int ConsoleMaster { get; init; } = -1;

    /// <summary>The socket on which the container says READY=1, and the one of the caller's service manager; -1 without.</summary>
    public (int Container, int Host) Notify { get; init; } = (-1, -1);

    /// <summary>Attributes to give back to the caller's terminal, or null.</summary>
    public Termios? Terminal { get; init; }

    /// <summary>The controller's own program, to be executed when more than a few removals is left to do; -1: there is nothing to do
    /// behind the end of the process (exec).</summary>
    public int ControllerFd { get; init; } = -1;

    /// <summary>argv of that program, to which the exit code and the record of a failed start are added.</summary>
    public string[] FinishArguments { get; init; } = [];

    /// <summary>environ of that program: UTF-8, each entry with NUL at its end.</summary>
    public byte[] Environment { get; init; } = [];

    /// <summary>Whether the attendant removes the container itself when nothing is in the way.</summary>
    public bool RemoveDirectly { get; init; }

    /// <summary>Whether the container stays (<c>--keep</c>): nothing is removed.</summary>
    public bool Keep { get; init; }

    /// <summary>Cgroup directories, children before parents.</summary>
    public string[] Cgroups { get; init; } = [];

    /// <summary>The state directory: an O_PATH fd, its files in the order of removal (directories with a slash at their end), its path.</summary>
    public (int Fd, string[] Files, string Path) State { get; init; } = (-1, [], "");
}

/// <summary>
/// The plan by which anocir-init, executed in the controller's place, attends a foreground process in a few pages of memory:
/// start it, forward signals, copy the terminal, wait, remove it, exit as it did. Anything unusual goes back to the controller.
/// </summary>
public static class AttendPlanner
{
    private const int ExitCodeRoom = 25;
    private static readonly int FailureRoom = (2 * (Unsafe.SizeOf<StartFailure>() + StartFailure.MaxText)) + 2;

    /// <summary>Builds the plan.</summary>
    public static PlanWriter Build(AttendInputs inputs)
    {
        var plan = new PlanWriter { Origin = "attend" };
        short pidfd = plan.NewSlot(inputs.PidFd);
        short master = inputs.ConsoleMaster < 0 ? Step.NoSlot : plan.NewSlot(inputs.ConsoleMaster);
        ProcessPlanner.AddCloseOnExec(plan, 0);
        plan.Add(StepKind.SetName).S0 = plan.Str("anocir");

        int start = -1;
        if (inputs.Fifos.Start >= 0)
        {
            short startFifo = plan.NewSlot(inputs.Fifos.Start);
            short replyFifo = plan.NewSlot(inputs.Fifos.Reply);
            start = plan.Count;
            ref Step step = ref plan.Add(StepKind.StartContainer);
            step.SlotA = startFifo;
            step.SlotB = replyFifo;
            step.X = (ulong)pidfd;
            step.Y = (ulong)inputs.StartMilliseconds;
            step.ErrnoSet = ErrnoSets.Of(Errno.EIO, Errno.ESRCH, Errno.ETIMEDOUT, Errno.EPIPE);
            plan.Add(StepKind.Close).SlotA = startFifo;
            plan.Add(StepKind.Close).SlotA = replyFifo;
        }

        AddAttend(plan, inputs, pidfd, master);
        if (inputs.ControllerFd < 0)
        {
            plan.Add(StepKind.Exit).Y = 1;
            return plan;
        }

        Span<int> unusual = stackalloc int[inputs.Cgroups.Length + inputs.State.Files.Length + 1];
        int removals = 0;
        if (inputs.Keep || inputs.RemoveDirectly)
        {
            if (!inputs.Keep)
            {
                int isThere = AddLook(plan, inputs.State.Fd, out short state);
                removals = AddRemovals(plan, inputs, state, unusual);
                plan.ElseHere(isThere);
            }

            plan.Add(StepKind.Exit).Y = 1;
        }

        foreach (int index in unusual[..removals])
        {
            plan.ElseHere(index);
        }

        if (start >= 0)
        {
            plan.ElseHere(start);
        }

        AddFinish(plan, inputs);
        return plan;
    }

    private static void AddAttend(PlanWriter plan, AttendInputs inputs, short pidfd, short master)
    {
        uint terminal = 0;
        uint length = 0;
        if (inputs.Terminal is { } attributes)
        {
            ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref attributes, 1));
            terminal = plan.Blob(bytes);
            length = (uint)bytes.Length;
        }

        (short container, short host) = inputs.Notify.Container < 0
            ? ((short)0, (short)0)
            : (plan.NewSlot(inputs.Notify.Container), plan.NewSlot(inputs.Notify.Host));
        ref Step attend = ref plan.Add(StepKind.Attend);
        attend.X = (ulong)container;
        attend.Y = (ulong)host;
        attend.SlotA = pidfd;
        attend.SlotB = master;
        attend.S0 = terminal;
        attend.L = length;
    }

    // Paths may be another container's by now: after a delete --force the name is free. So nothing is removed unless the directory that this run
    // made has its record still. The call cannot succeed, for the record is a file: ENOTDIR when it is there, ENOENT when it is not.
    private static int AddLook(PlanWriter plan, int stateFd, out short state)
    {
        state = plan.NewSlot(stateFd);
        return AddRemove(plan, state, StateFiles.Record, At.REMOVEDIR, ErrnoSets.Of(Errno.ENOENT));
    }

    // The record goes last: whoever comes after a kill in between still finds it. What is gone already was removed by delete --force.
    private static int AddRemovals(PlanWriter plan, AttendInputs inputs, short state, Span<int> unusual)
    {
        int count = 0;
        uint inTheWay = ErrnoSets.Of(Errno.EBUSY, Errno.ENOTEMPTY, Errno.EPERM, Errno.EROFS);
        foreach (string cgroup in inputs.Cgroups)
        {
            unusual[count++] = AddRemove(plan, Step.NoSlot, cgroup, At.REMOVEDIR, inTheWay);
        }

        foreach (string file in inputs.State.Files)
        {
            unusual[count++] = AddRemove(plan, state, file, file.EndsWith('/') ? At.REMOVEDIR : 0, inTheWay);
        }

        // A file that a killed command left (.NAME.new) is in the way too.
        unusual[count++] = AddRemove(plan, Step.NoSlot, inputs.State.Path, At.REMOVEDIR, inTheWay);
        return count;
    }

    private static int AddRemove(PlanWriter plan, short directory, string path, int flags, uint errnoSet)
    {
        int index = plan.Count;
        uint operand = plan.Str(path);
        ref Step step = ref plan.Add(StepKind.Remove);
        step.SlotB = directory;
        step.S0 = operand;
        step.X = (ulong)flags;
        step.Flags = (ushort)StepFlags.IgnoreErrors;
        step.ErrnoSet = errnoSet;
        return index;
    }

    private static void AddFinish(PlanWriter plan, AttendInputs inputs)
    {
        short controller = plan.NewSlot(inputs.ControllerFd);
        uint arguments = plan.Vector(inputs.FinishArguments, ExitCodeRoom, FailureRoom);
        uint environment = plan.Vector(inputs.Environment);
        ref Step finish = ref plan.Add(StepKind.ExecController);
        finish.SlotA = controller;
        finish.S0 = arguments;
        finish.S1 = environment;
        finish.X = (ulong)inputs.FinishArguments.Length;
        finish.Y = finish.X + 1;
    }
}
