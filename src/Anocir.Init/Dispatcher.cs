using Anocir.Plan;

namespace Anocir.Init;

/// <summary>Runs the steps of a checked plan in order. It decides nothing: every alternative is in the plan.</summary>
internal static unsafe class Dispatcher
{
    /// <summary>A step's result besides 0 and negative error numbers: continue at Else.</summary>
    public const int TakeElse = 1;

    /// <summary>A step's result that ends the program without a report: the controller is dead.</summary>
    public const int Die = 2;

    /// <summary>Runs the plan and returns the exit code: 0 behind the last step.</summary>
    public static int Run(InitState* state)
    {
        while (state->Current < state->StepCount)
        {
            Step* step = state->Steps + state->Current;
            state->Detail = 0;
            state->TextSource = TextSource.None;
            int result = Execute(state, step);
            if (result == Die)
            {
                return InitMain.Failed;
            }

            if (result == TakeElse)
            {
                state->Current = (uint)step->Else;
            }
            else if (result != 0 && Contains(step->ErrnoSet, -result))
            {
                state->Current = (uint)step->Else;
            }
            else if (result == 0 || IgnoresErrors(step))
            {
                state->Current++;
            }
            else
            {
                return Report.Failure(state, -result);
            }
        }

        return 0;
    }

    // SetIds treats the flag itself: a program must never run with other ids than it was given.
    private static bool IgnoresErrors(Step* step) =>
        (step->Flags & (ushort)StepFlags.IgnoreErrors) != 0 && (StepKind)step->Kind != StepKind.SetIds;

    private static bool Contains(uint set, int error)
    {
        for (; set != 0; set >>= 8)
        {
            if ((set & 0xFF) == (uint)error)
            {
                return true;
            }
        }

        return false;
    }

    private static int Execute(InitState* state, Step* step) => (StepKind)step->Kind switch
    {
        StepKind.Jump => TakeElse,
        StepKind.Exit => FlowSteps.Exit(state, step),
        StepKind.Sync => FlowSteps.Sync(state, step),
        StepKind.SendFd => FlowSteps.SendFd(state, step),
        StepKind.WaitForStart => FlowSteps.WaitForStart(state),
        StepKind.ReceiveFd => FlowSteps.ReceiveFd(state, step),
        StepKind.ReleasePlan => ReleaseSteps.ReleasePlan(state),
        StepKind.ExitOnSignals => ProcessSteps.ExitOnSignals(step),

        StepKind.SetName => ProcessSteps.SetName(state, step),
        StepKind.SetDumpable => ProcessSteps.SetDumpable(step),
        StepKind.SetParentDeathSignal => ProcessSteps.SetParentDeathSignal(state, step),
        StepKind.SetSid => ProcessSteps.SetSid(),
        StepKind.SetUmask => ProcessSteps.SetUmask(step),
        StepKind.SetPersonality => ProcessSteps.SetPersonality(step),
        StepKind.SetAffinity => ProcessSteps.SetAffinity(state, step),
        StepKind.SetRlimit => ProcessSteps.SetRlimit(step),
        StepKind.SetNoNewPrivileges => ProcessSteps.SetNoNewPrivileges(),
        StepKind.LoadSeccomp => ProcessSteps.LoadSeccomp(state, step),
        StepKind.SetScheduler => ProcessSteps.Set(state, step, Nr.sched_setattr),
        StepKind.SetIoPriority => ProcessSteps.Set(state, step, Nr.ioprio_set),
        StepKind.SetMemoryPolicy => ProcessSteps.Set(state, step, Nr.set_mempolicy),
        StepKind.JoinSessionKeyring => ProcessSteps.JoinSessionKeyring(state, step),

        StepKind.SetKeepCaps => IdSteps.SetKeepCaps(step),
        StepKind.DropBoundingCaps => IdSteps.DropBoundingCaps(state, step),
        StepKind.SetCaps => IdSteps.SetCaps(step),
        StepKind.SetAmbientCaps => IdSteps.SetAmbientCaps(state, step),
        StepKind.SetIds => IdSteps.SetIds(state, step),
        StepKind.ChownStdio => IdSteps.ChownStdio(state, step),

        StepKind.Open => FdSteps.Open(state, step),
        StepKind.Close => FdSteps.Close(state, step),
        StepKind.CloseRange => FdSteps.CloseRange(step),
        StepKind.WriteFile => FdSteps.WriteFile(state, step),
        StepKind.VerifyFile => FdSteps.VerifyFile(state, step),
        StepKind.SetAttribute => FdSteps.SetAttribute(state, step),
        StepKind.Duplicate => FdSteps.Duplicate(state->Fd(step->SlotA), (int)step->X),
        StepKind.Remove => FdSteps.Remove(state, step),

        StepKind.JoinNamespace => NamespaceSteps.Join(state, step),
        StepKind.Unshare => NamespaceSteps.Unshare(step),
        StepKind.CloneInit => NamespaceSteps.CloneInit(state, step),
        StepKind.SetHostname => NamespaceSteps.SetHostname(state, step),
        StepKind.SetDomainname => NamespaceSteps.SetDomainname(state, step),
        StepKind.LoopbackUp => NamespaceSteps.LoopbackUp(),

        StepKind.SetPropagation => MountSteps.SetPropagation(state, step),
        StepKind.MountSetattr => MountSteps.MountSetattr(state, step),
        StepKind.MoveMount => MountSteps.MoveMount(state, step),
        StepKind.MountOnFd => MountSteps.MountOnFd(state, step),
        StepKind.OpenTree => MountApiSteps.OpenTree(state, step),
        StepKind.FsOpen => MountApiSteps.FsOpen(state, step),
        StepKind.FsConfig => MountApiSteps.FsConfig(state, step),
        StepKind.FsConfigMode => MountApiSteps.FsConfigMode(state, step),
        StepKind.FsMount => MountApiSteps.FsMount(state, step),
        StepKind.ResolveTarget => TargetSteps.ResolveTarget(state, step),
        StepKind.CopyTree => CopyTree.Run(state, step),
        StepKind.MakeNode => DeviceSteps.MakeNode(state, step),
        StepKind.MakeSymlink => DeviceSteps.MakeSymlink(state, step),
        StepKind.PivotRoot => RootSteps.PivotRoot(state, step),
        StepKind.MoveRoot => RootSteps.MoveRoot(state, step),
        StepKind.ChangeRoot => RootSteps.ChangeRoot(state, step),
        StepKind.ChangeDirectory => RootSteps.ChangeDirectory(state, step),

        StepKind.OpenConsole => ConsoleSteps.OpenConsole(state, step),
        StepKind.UseConsole => ConsoleSteps.UseConsole(state, step),

        StepKind.RunHook => HookSteps.RunHook(state, step),
        StepKind.FindProgram => ExecSteps.FindProgram(state, step),
        StepKind.Exec => ExecSteps.Exec(state, step),

        StepKind.StartContainer => StartSteps.StartContainer(state, step),
        StepKind.Attend => AttendSteps.Attend(state, step),
        StepKind.ExecController => ExecSteps.ExecController(state, step),
        _ => -Errno.EINVAL,
    };
}
