using Anocir.Plan;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Planning;

/// <summary>
/// Turns a config into the plan of one container: the helper's part (namespaces to join, clone), init's part (everything up
/// to exec). The order of the steps is the order of this file.
/// </summary>
public static class InitPlanner
{
    /// <summary>Name of the helper and of a waiting init in ps and /proc/PID/comm.</summary>
    public const string ProcessName = "anocir:init";

    /// <summary>
    /// Builds the plan, and beside it, for a container in a user namespace, the plan of the process that opens its mount
    /// sources with the host's rights.
    /// </summary>
    public static PlanWriter Build(PlanInputs inputs, out PlanWriter? sourcePlan)
    {
        var plan = new PlanWriter { Origin = "start", KeptDescriptors = inputs.KeptDescriptors };
        plan.SetSlot(Slots.Sync, inputs.SyncFd);
        plan.SetSlot(Slots.StartFifo, inputs.StartFifoFd);
        plan.SetSlot(Slots.ReplyFifo, inputs.ReplyFifoFd);
        plan.SetSlot(Slots.HookOutput, inputs.HookOutputFd);
        plan.SetSlot(Slots.Cgroup, inputs.CgroupFd);
        if (inputs.WaitingHelper is { } waiting)
        {
            WaitingHelper.AddTo(plan, waiting, isWaiting: false);
            plan.Origin = "start";
        }

        var namespaces = new NamespacePlanner(plan, inputs);
        int clone = namespaces.AddHelperStage();
        namespaces.AddInitIdentity();

        LinuxConfig linux = inputs.Config.Linux!;
        var sources = new SourcePlanner(plan, inputs);
        var targets = new ContainerTargets(plan);

        SystemPlanner.AddSession(plan, inputs);
        SystemPlanner.AddNames(plan, inputs.Config);
        if (namespaces.IsNew(NamespaceType.Network))
        {
            plan.Origin = "linux.namespaces";
            plan.Add(StepKind.LoopbackUp);
        }

        bool ownMounts = linux.FindNamespace(NamespaceType.Mount) is not null;
        var root = new RootPlanner(plan, inputs, sources);
        var dev = new FreshDev();
        var mounts = new MountPlanner(plan, inputs, sources, targets, namespaces, dev);
        root.AddRootMount(ownMounts);
        mounts.AddAll();

        // Without a cgroup mount nothing above has waited for the cgroups yet.
        namespaces.AddCgroupWait();
        new DevicePlanner(plan, inputs, sources, targets, namespaces, dev).AddAll();
        HookPlanner.AddBeforePivot(plan, inputs);
        DirectoryPlanner.AddMissing(plan, inputs.Config.Process?.Cwd ?? "/", targets);
        SystemPlanner.AddProcWrites(plan, inputs, namespaces.Confined);
        mounts.AddDeferredReadonly();
        if (ownMounts)
        {
            PathPlanner.AddReadonlyPaths(plan, linux.ReadonlyPaths, targets);
            PathPlanner.AddMaskedPaths(plan, inputs.Config, targets);
        }

        root.AddSwitch(ownMounts);
        ProcessPlanner.AddProcess(plan, inputs);

        plan.Origin = "helper";
        plan.ElseHere(clone);
        plan.Add(StepKind.Exit);
        sourcePlan = sources.Finish();
        return plan;
    }
}
