using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Anocir.Linux;
using Anocir.Plan;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Planning;

/// <summary>
/// How the kernel treats the process: scheduling policy, I/O priority, memory policy. All three are inherited over fork and exec; they
/// come while init still has the rights of root, and after its CPU affinity (SCHED_DEADLINE wants all CPUs).
/// </summary>
internal static class SchedulingPlanner
{
    /// <summary>process.scheduler and process.ioPriority.</summary>
    public static void AddProcess(PlanWriter plan, Process process)
    {
        if (process.Scheduler is { } scheduler)
        {
            plan.Origin = "process.scheduler";
            SchedAttr attributes = Attributes(scheduler);
            uint blob = plan.Blob(MemoryMarshal.AsBytes(new ReadOnlySpan<SchedAttr>(in attributes)));
            ref Step set = ref plan.Add(StepKind.SetScheduler);
            set.S0 = blob;
            set.L = attributes.Size;
        }

        if (process.IoPriority is { } priority)
        {
            const int WhoProcess = 1;
            const int ClassShift = 13;
            plan.Origin = "process.ioPriority";
            ref Step set = ref plan.Add(StepKind.SetIoPriority);
            set.X = WhoProcess;
            uint number = (uint)WordList.IndexOf(SchedulerNames.IoClasses, priority.Class) + 1;
            set.Y = (number << ClassShift) | (uint)priority.Priority;
        }
    }

    /// <summary>linux.memoryPolicy.</summary>
    public static void AddMemoryPolicy(PlanWriter plan, MemoryPolicy? policy)
    {
        if (policy is null)
        {
            return;
        }

        _ = NumberList.TryParse(policy.Nodes, MemoryPolicyNames.MaxNode, out ulong[] nodes);
        plan.Origin = "linux.memoryPolicy";
        uint mask = nodes.Length == 0 ? 0 : plan.Blob(MemoryMarshal.AsBytes(nodes.AsSpan()));
        ref Step set = ref plan.Add(StepKind.SetMemoryPolicy);
        set.S0 = mask;
        set.L = (uint)nodes.Length * sizeof(ulong);
        set.X = (uint)WordList.IndexOf(MemoryPolicyNames.Modes, policy.Mode)
            | (Bits(MemoryPolicyNames.Flags, policy.Flags) << MemoryPolicyNames.FirstFlag);
        set.Y = nodes.Length == 0 ? 0 : ((ulong)nodes.Length * 64) + 1; // the kernel takes one bit less than it is told
    }

    private static SchedAttr Attributes(Scheduler scheduler) => new()
    {
        Size = (uint)Unsafe.SizeOf<SchedAttr>(),
        Policy = (uint)WordList.IndexOf(SchedulerNames.Policies, scheduler.Policy),
        Flags = Bits(SchedulerNames.Flags, scheduler.Flags),
        Nice = scheduler.Nice,
        Priority = (uint)scheduler.Priority,
        Runtime = scheduler.Runtime,
        Deadline = scheduler.Deadline,
        Period = scheduler.Period,
    };

    private static ulong Bits(string names, string[] flags)
    {
        ulong bits = 0;
        foreach (string flag in flags)
        {
            bits |= 1ul << WordList.IndexOf(names, flag);
        }

        return bits;
    }
}
