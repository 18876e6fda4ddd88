using System.Linq;
using Anocir.Plan;
using Anocir.Runtime.Planning;
using Xunit;

namespace Anocir.Runtime.Tests.Planning;

public sealed class WaitingHelperTests
{
    [Fact]
    public void Both_plans_begin_with_the_same_steps_and_only_one_takes_them()
    {
        var fds = new WaitingHelperFds(Program: 20, Plan: 21);
        PlanWriter waiting = WaitingHelper.Build(syncFd: 10, fds);
        var real = new PlanWriter();
        WaitingHelper.AddTo(real, fds, isWaiting: false);

        Assert.Equal([StepKind.Jump, StepKind.SetParentDeathSignal, StepKind.Sync, StepKind.ExecController, StepKind.Exit], Kinds(waiting));
        Assert.Equal([StepKind.Jump, StepKind.SetParentDeathSignal, StepKind.Sync, StepKind.ExecController, StepKind.Close], Kinds(real));
        Assert.Equal((1, 4), (waiting.At(0).Else, real.At(0).Else));
        Assert.Equal((ulong)SyncKind.CgroupsReady, waiting.At(2).Y);
        Assert.Equal((10, 20), (waiting.SlotFds[Slots.Sync], waiting.SlotFds[waiting.At(3).SlotA]));
        Assert.Equal(real.At(3).SlotA, real.At(4).SlotA);
    }

    private static StepKind[] Kinds(PlanWriter plan) => [.. Enumerable.Range(0, plan.Count).Select(i => (StepKind)plan.At(i).Kind)];
}
