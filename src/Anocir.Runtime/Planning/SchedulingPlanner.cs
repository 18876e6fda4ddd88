using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
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
            uint attributes = plan.Blob(Attributes(scheduler));
            ref Step set = ref plan.Add(StepKind.SetScheduler);
            set.S0 = attributes;
            set.L = AttributeSize;
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

    private const int AttributeSize = 56; // SCHED_ATTR_SIZE_VER1 (linux/sched/types.h)

    // struct sched_attr: u32 size, u32 policy, u64 flags, s32 nice, u32 priority, u64 runtime, deadline, period, u32 util_min, util_max
    private static byte[] Attributes(Scheduler scheduler)
    {
        byte[] attributes = new byte[AttributeSize];
        BinaryPrimitives.WriteInt32LittleEndian(attributes, AttributeSize);
        BinaryPrimitives.WriteInt32LittleEndian(attributes.AsSpan(4), WordList.IndexOf(SchedulerNames.Policies, scheduler.Policy));
        BinaryPrimitives.WriteUInt64LittleEndian(attributes.AsSpan(8), Bits(SchedulerNames.Flags, scheduler.Flags));
        BinaryPrimitives.WriteInt32LittleEndian(attributes.AsSpan(16), scheduler.Nice);
        BinaryPrimitives.WriteInt32LittleEndian(attributes.AsSpan(20), scheduler.Priority);
        BinaryPrimitives.WriteUInt64LittleEndian(attributes.AsSpan(24), scheduler.Runtime);
        BinaryPrimitives.WriteUInt64LittleEndian(attributes.AsSpan(32), scheduler.Deadline);
        BinaryPrimitives.WriteUInt64LittleEndian(attributes.AsSpan(40), scheduler.Period);
        return attributes;
    }

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
