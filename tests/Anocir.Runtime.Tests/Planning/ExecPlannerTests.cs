using System;
using System.Linq;
using Anocir.Plan;
using Anocir.Runtime.Planning;
using Anocir.Runtime.Spec;
using Xunit;

namespace Anocir.Runtime.Tests.Planning;

/// <summary>The order that the safety of exec rests on.</summary>
public sealed class ExecPlannerTests
{
    [Theory]
    [InlineData(true, CloneNew.Mount | CloneNew.Pid)]
    [InlineData(true, CloneNew.Mount | CloneNew.Pid | CloneNew.User)]
    [InlineData(false, CloneNew.Mount | CloneNew.Pid | CloneNew.User)]
    [InlineData(false, 0u)]
    public void Host_before_join_join_before_clone(bool unified, uint namespaces)
    {
        PlanWriter plan = Build(unified, namespaces, new Process { Args = ["x"], Cwd = "/", OomScoreAdj = 1, Terminal = true });
        StepKind[] kinds = [.. plan.Steps.ToArray().Select(static step => (StepKind)step.Kind)];
        int[] clones = [.. Indexes(kinds, StepKind.CloneInit)];
        int dumpable = Array.IndexOf(kinds, StepKind.SetDumpable);

        Assert.Equal(unified ? 2 : 1, clones.Length);
        Assert.Equal((ulong)SyncKind.Pid, plan.At(clones[^1]).Y);
        Assert.Equal(Step.NoSlot, plan.At(clones[^1]).SlotA);
        Assert.All(Indexes(kinds, StepKind.WriteFile), write => Assert.True(write < clones[0]));
        if (unified)
        {
            Assert.Equal((Slots.Cgroup, (ulong)SyncKind.Helper), (plan.At(clones[0]).SlotA, plan.At(clones[0]).Y));

            // The cgroup's directory is closed before the process exists that the container can see.
            Assert.Contains(Enumerable.Range(clones[0], clones[1] - clones[0]), i => kinds[i] == StepKind.Close && plan.At(i).SlotA == Slots.Cgroup);
        }

        int join = Array.IndexOf(kinds, StepKind.JoinNamespace);
        Assert.Equal(namespaces != 0, join >= 0);
        if (join >= 0)
        {
            Assert.InRange(join, dumpable + 1, clones[^1] - 1);
            Assert.Equal(namespaces, plan.At(join).X);
            Assert.Single(Indexes(kinds, StepKind.JoinNamespace));
        }

        // Every way past a clone ends.
        Assert.All(clones, clone => Assert.Equal(StepKind.Exit, kinds[plan.At(clone).Else]));
        Assert.Equal(StepKind.Exit, kinds[^1]);
        Assert.Equal(StepKind.Exec, kinds[^2]);
        Assert.DoesNotContain(StepKind.WaitForStart, kinds);
        Assert.All(Indexes(kinds, StepKind.ChangeDirectory), i => Assert.Equal(0, plan.At(i).Flags));
    }

    [Theory]
    [InlineData(SetgroupsRule.Allowed, 0u)]
    [InlineData(SetgroupsRule.Denied, 1u)]
    public void Setgroups_is_left_alone_where_it_is_denied_or_groups_are_kept(SetgroupsRule rule, uint expected)
    {
        PlanWriter plan = Build(false, CloneNew.User, new Process { Args = ["x"], Cwd = "/" }, rule);

        Step[] steps = [.. plan.Steps.ToArray().Where(static step => step.Kind == (ushort)StepKind.SetIds)];
        Assert.Equal([expected, expected], steps.Select(static step => (uint)step.X));
    }

    [Fact]
    public void Groups_that_cannot_be_dropped_inside_are_dropped_before_the_join()
    {
        PlanWriter plan = Build(true, CloneNew.User, new Process { Args = ["x"], Cwd = "/" }, SetgroupsRule.Denied, dropsGroups: true);
        StepKind[] kinds = [.. plan.Steps.ToArray().Select(static step => (StepKind)step.Kind)];

        int drop = Array.IndexOf(kinds, StepKind.SetIds);
        Assert.InRange(drop, 0, Array.IndexOf(kinds, StepKind.JoinNamespace) - 1);
        Step step = plan.At(drop);
        Assert.Equal((0ul, 0u, 0ul, 0ul), (step.X, step.L, step.Y, step.Z));
    }

    private static PlanWriter Build(
        bool unified, uint namespaces, Process process, SetgroupsRule rule = SetgroupsRule.Allowed, bool dropsGroups = false) => ExecPlanner.Build(new ExecInputs
    {
        Plan = new PlanInputs
        {
            Config = new RuntimeConfig { Process = process, Linux = new LinuxConfig() },
            Bundle = "/b",
            Rootfs = "/b/r",
            Id = "c",
            IsExec = true,
            CgroupTaskFiles = ["/cg/pids/c/tasks"],
            HasUnifiedCgroup = unified,
            Setgroups = rule,
        },
        Namespaces = namespaces,
        DropsGroups = dropsGroups,
    });

    private static System.Collections.Generic.IEnumerable<int> Indexes(StepKind[] kinds, StepKind kind) =>
        Enumerable.Range(0, kinds.Length).Where(i => kinds[i] == kind);
}
