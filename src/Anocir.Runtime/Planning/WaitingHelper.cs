using Anocir.Plan;
using Anocir.Runtime.Launch;

namespace Anocir.Runtime.Planning;

/// <summary>
/// The beginning of a helper that exists before its plan does: it waits until a cgroup manager has put it where init shall be born, then
/// executes anocir-init again with the plan that was built meanwhile. Both plans begin with these steps, so that a failure of one of them has the
/// same index in both; the second jumps over them.
/// </summary>
internal static class WaitingHelper
{
    /// <summary>The plan of the helper while it waits.</summary>
    public static PlanWriter Build(int syncFd, WaitingHelperFds fds)
    {
        var plan = new PlanWriter();
        plan.SetSlot(Slots.Sync, syncFd);
        AddTo(plan, fds, isWaiting: true);
        plan.Add(StepKind.Exit).X = 1; // never reached: the step before it does not return
        return plan;
    }

    /// <summary>Adds the steps at the beginning of a plan.</summary>
    public static void AddTo(PlanWriter plan, WaitingHelperFds fds, bool isWaiting)
    {
        plan.Origin = "linux.cgroupsPath";
        short program = plan.NewSlot(fds.Program);
        plan.Add(StepKind.Jump);
        if (isWaiting)
        {
            plan.ElseHere(0);
        }

        plan.Add(StepKind.SetParentDeathSignal).X = 9;
        plan.Add(StepKind.Sync).Y = (ulong)SyncKind.CgroupsReady;
        uint arguments = plan.Vector(InitLauncher.Arguments);
        uint environment = plan.Vector([InitLauncher.PlanVariable(fds.Plan)]);
        ref Step execute = ref plan.Add(StepKind.ExecController);
        execute.SlotA = program;
        execute.S0 = arguments;
        execute.S1 = environment;
        if (!isWaiting)
        {
            plan.ElseHere(0);
            plan.Add(StepKind.Close).SlotA = program;
        }
    }
}

/// <summary>What a helper that waits inherits beside the descriptors of its plan.</summary>
/// <param name="Program">The program anocir-init.</param>
/// <param name="Plan">A memfd, empty until the plan is written into it.</param>
public readonly record struct WaitingHelperFds(int Program, int Plan);
