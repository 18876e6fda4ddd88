using Anocir.Plan;

namespace Anocir.Runtime.Planning;

/// <summary>
/// Turns a process into the plan that adds it to a running container. The first helper enters the cgroups with the host's paths; the
/// second, where there is a v2 cgroup, is born in it, so that the directory's descriptor is closed before anything can be seen from inside; it
/// joins the namespaces and clones the process, which is a child of the controller as init is.
/// </summary>
public static class ExecPlanner
{
    /// <summary>Builds the plan. The order of the steps is the order of this file.</summary>
    public static PlanWriter Build(ExecInputs inputs)
    {
        PlanInputs process = inputs.Plan;
        var plan = new PlanWriter { Origin = "start" };
        plan.SetSlot(Slots.Sync, process.SyncFd);
        plan.SetSlot(Slots.Cgroup, process.CgroupFd);
        int birth = AddHelper(plan, process);
        AddJoin(plan, inputs);
        int clone = AddClone(plan, SyncKind.Pid, Step.NoSlot);
        AddProcess(plan, inputs);

        plan.Origin = "helper";
        if (birth >= 0)
        {
            plan.ElseHere(birth);
        }

        plan.ElseHere(clone);
        plan.Add(StepKind.Exit);
        return plan;
    }

    // Everything that needs the host's files, while they can be seen.
    private static int AddHelper(PlanWriter plan, PlanInputs inputs)
    {
        ProcessPlanner.AddCloseOnExec(plan, inputs.PreserveFds);
        plan.Add(StepKind.SetName).S0 = plan.Str(InitPlanner.ProcessName);
        plan.Add(StepKind.SetParentDeathSignal).X = 9;
        NamespacePlanner.AddOomScore(plan, inputs);
        if (inputs.Config.Process!.ExecCpuAffinity?.Initial is { } initial)
        {
            plan.Origin = "process.execCPUAffinity.initial";
            ProcessPlanner.AddAffinity(plan, CpuList.Mask(initial, plan.Origin), StepFlags.None);
        }

        plan.Origin = "start";
        plan.Add(StepKind.SetDumpable).X = 0;
        plan.Origin = "cgroup";
        foreach (string file in inputs.CgroupTaskFiles)
        {
            FileSteps.AddWrite(plan, file, "0");
        }

        if (!inputs.HasUnifiedCgroup)
        {
            return -1;
        }

        int birth = AddClone(plan, SyncKind.Helper, Slots.Cgroup);
        plan.Origin = "start";
        plan.Add(StepKind.SetParentDeathSignal).X = 9; // not inherited over clone
        plan.Add(StepKind.Close).SlotA = Slots.Cgroup;
        return birth;
    }

    // All at once by the pidfd of init: none of them can be another container's by then, and the host's rights count for each.
    private static void AddJoin(PlanWriter plan, ExecInputs inputs)
    {
        plan.Origin = "start";
        short pidfd = plan.NewSlot(inputs.InitPidfd);
        if (inputs.DropsGroups)
        {
            plan.Add(StepKind.SetIds).Flags |= (ushort)StepFlags.IgnoreErrors; // root of the host, as before; without CAP_SETGID the groups stay
        }

        if (inputs.Namespaces != 0)
        {
            ref Step join = ref plan.Add(StepKind.JoinNamespace);
            join.SlotA = pidfd;
            join.X = inputs.Namespaces;
        }

        plan.Add(StepKind.Close).SlotA = pidfd;
        if (inputs.RootFd >= 0)
        {
            short root = plan.NewSlot(inputs.RootFd);
            plan.Add(StepKind.ChangeRoot).SlotA = root;
            plan.Add(StepKind.Close).SlotA = root;
        }

        if (HasUser(inputs))
        {
            // Both may be reset by the change of credentials (prctl(2)).
            plan.Add(StepKind.SetDumpable).X = 0;
            plan.Add(StepKind.SetParentDeathSignal).X = 9;
        }
    }

    private static int AddClone(PlanWriter plan, SyncKind message, short cgroup)
    {
        int index = plan.Count;
        ref Step clone = ref plan.Add(StepKind.CloneInit);
        clone.Y = (ulong)message;
        clone.SlotA = cgroup;
        return index;
    }

    private static void AddProcess(PlanWriter plan, ExecInputs inputs)
    {
        plan.Add(StepKind.SetParentDeathSignal).X = 9;
        if (HasUser(inputs))
        {
            // Root of the user namespace until the process becomes its own user.
            NamespacePlanner.AddSetgroups(ref plan.Add(StepKind.SetIds), inputs.Plan.Setgroups);
            plan.Add(StepKind.SetDumpable).X = 0;
            plan.Add(StepKind.SetParentDeathSignal).X = 9;
        }

        SystemPlanner.AddSession(plan, inputs.Plan);
        if (inputs.Plan.Config.Process!.Terminal)
        {
            plan.Origin = "process.terminal";
            uint path = plan.Str("/");
            ref Step root = ref plan.Add(StepKind.Open);
            root.SlotA = Slots.Root;
            root.S0 = path;
            root.X = (ulong)(Linux.O.PATH | Linux.O.DIRECTORY);
            ConsoleSteps.AddOpen(plan, inputs.Plan.Config.Process);
            ConsoleSteps.AddUse(plan);
        }

        if (LabelPlanner.IsNeeded(inputs.Plan.Config.Process))
        {
            // As create does, through a procfs of its own: the container's /proc may be anything.
            plan.Origin = "process";
            short proc = TrustedProc.Open(plan);
            LabelPlanner.AddExec(plan, proc, inputs.Plan.Config.Process!, inputs.Plan.StackApparmorProfile);
            plan.Add(StepKind.Close).SlotA = proc;
        }

        ProcessPlanner.AddProcess(plan, inputs.Plan);
    }

    private static bool HasUser(ExecInputs inputs) => (inputs.Namespaces & CloneNew.User) != 0;
}
