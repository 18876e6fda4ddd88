using Anocir.Runtime.Planning;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Validation;

/// <summary>process.scheduler, process.ioPriority, process.execCPUAffinity (config.md) and linux.memoryPolicy (config-linux.md), with the words of runc.</summary>
internal static class SchedulingChecks
{
    public static void Check(Process process)
    {
        if (process.Scheduler is { } scheduler)
        {
            CheckScheduler(scheduler);
        }

        // Only exec uses them; as with runc, a list that is none shows at create.
        if (process.ExecCpuAffinity?.Initial is { } initial)
        {
            _ = CpuList.Mask(initial, "process.execCPUAffinity.initial");
        }

        if (process.ExecCpuAffinity?.Final is { } final)
        {
            _ = CpuList.Mask(final, "process.execCPUAffinity.final");
        }

        if (process.IoPriority is not { } priority)
        {
            return;
        }

        if (priority.Priority is < 0 or > 7)
        {
            throw Reject.Rule("process.ioPriority.priority", $"invalid ioPriority.Priority: {priority.Priority}, must be from 0 to 7");
        }

        if (!WordList.Contains(SchedulerNames.IoClasses, priority.Class))
        {
            throw Reject.Rule("process.ioPriority.class", $"invalid ioPriority.Class: {Printable.Quote(priority.Class)}, must be one of "
                + SchedulerNames.IoClasses);
        }
    }

    public static void Check(MemoryPolicy policy)
    {
        if (!WordList.Contains(MemoryPolicyNames.Modes, policy.Mode))
        {
            throw Reject.Rule("linux.memoryPolicy.mode", $"invalid memory policy mode {Printable.Quote(policy.Mode)}");
        }

        if (!NumberList.TryParse(policy.Nodes, MemoryPolicyNames.MaxNode, out ulong[] nodes))
        {
            throw Reject.Rule("linux.memoryPolicy.nodes", $"invalid memory policy nodes {Printable.Quote(policy.Nodes ?? "")}, must be a list "
                + $"like 0-3,7 of numbers up to {MemoryPolicyNames.MaxNode}");
        }

        for (int i = 0; i < policy.Flags.Length; i++)
        {
            if (!WordList.Contains(MemoryPolicyNames.Flags, policy.Flags[i]))
            {
                throw Reject.Rule($"linux.memoryPolicy.flags[{i}]", $"invalid memory policy flag {Printable.Quote(policy.Flags[i])}");
            }
        }

        int count = NumberList.Count(nodes);
        if (policy.Mode is "MPOL_DEFAULT" or "MPOL_LOCAL" && count > 0)
        {
            throw Reject.Rule("linux.memoryPolicy.nodes", $"memory policy mode requires 0 nodes but got {count}");
        }

        if (policy.Mode is not ("MPOL_DEFAULT" or "MPOL_LOCAL" or "MPOL_PREFERRED") && count == 0)
        {
            throw Reject.Rule("linux.memoryPolicy.nodes", "memory policy mode requires at least one node but got 0");
        }
    }

    private static void CheckScheduler(Scheduler scheduler)
    {
        if (!WordList.Contains(SchedulerNames.Policies, scheduler.Policy))
        {
            throw Reject.Value("process.scheduler.policy", "invalid scheduler policy", scheduler.Policy);
        }

        for (int i = 0; i < scheduler.Flags.Length; i++)
        {
            if (!WordList.Contains(SchedulerNames.Flags, scheduler.Flags[i]))
            {
                throw Reject.Value($"process.scheduler.flags[{i}]", "invalid scheduler flag", scheduler.Flags[i]);
            }
        }

        if (scheduler.Policy is "SCHED_OTHER" or "SCHED_BATCH" && scheduler.Nice is < -20 or > 19)
        {
            throw Reject.Rule("process.scheduler.nice",
                $"invalid scheduler.nice: {scheduler.Nice} when scheduler.policy is {scheduler.Policy}, must be from -20 to 19");
        }

        bool realTime = scheduler.Policy is "SCHED_FIFO" or "SCHED_RR";
        if (scheduler.Priority != 0 && !realTime)
        {
            throw Reject.Number(
                "process.scheduler.priority", "scheduler.priority can only be specified for SchedFIFO or SchedRR policy", scheduler.Priority);
        }

        if (realTime && scheduler.Priority is < 1 or > 99)
        {
            throw Reject.Number("process.scheduler.priority", $"must be from 1 to 99 with {scheduler.Policy}", scheduler.Priority);
        }

        if (scheduler.Policy != "SCHED_DEADLINE")
        {
            if ((scheduler.Runtime | scheduler.Deadline | scheduler.Period) != 0)
            {
                string name = scheduler.Runtime != 0 ? "runtime" : scheduler.Deadline != 0 ? "deadline" : "period";
                throw Reject.Rule(
                    "process.scheduler." + name, "scheduler runtime/deadline/period can only be specified for SchedDeadline policy");
            }

            return;
        }

        CheckDeadline(scheduler);
    }

    // __checkparam_dl of the kernel: 1024 ns <= runtime <= deadline <= period, where a period of 0 means the deadline.
    private static void CheckDeadline(Scheduler scheduler)
    {
        const ulong MinRuntime = 1024;
        if (scheduler.Runtime < MinRuntime)
        {
            throw Reject.Rule("process.scheduler.runtime", $"must be at least 1024 ns with SCHED_DEADLINE, got {scheduler.Runtime}");
        }

        if (scheduler.Deadline < scheduler.Runtime)
        {
            throw Reject.Rule("process.scheduler.deadline", $"must not be below the runtime {scheduler.Runtime}, got {scheduler.Deadline}");
        }

        if (scheduler.Period != 0 && scheduler.Period < scheduler.Deadline)
        {
            throw Reject.Rule("process.scheduler.period", $"must not be below the deadline {scheduler.Deadline}, got {scheduler.Period}");
        }
    }
}
