using System;
using System.Collections.Generic;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;
using static Anocir.Runtime.Cgroups.Limits.ResourceLimits;

namespace Anocir.Runtime.Cgroups.Limits;

/// <summary>linux.resources for cgroup v1 (Documentation/admin-guide/cgroup-v1), in runc's order.</summary>
internal static class LimitsV1
{
    public static void Add(List<LimitWrite> writes, Resources resources, CgroupFacts facts)
    {
        if (resources.Unified.Length > 0)
        {
            throw ContainerException.Config("linux.resources.unified", "invalid configuration: cannot use unified on cgroup v1");
        }

        if (resources.Cpu is { } cpuset)
        {
            AddCpuset(writes, cpuset, facts);
        }

        if (resources.Memory is { } memory)
        {
            AddMemory(writes, memory, facts);
        }

        if (resources.Cpu is { } cpu)
        {
            AddCpu(writes, cpu);
        }

        AddPids(writes, resources.Pids);
        if (resources.BlockIO is { } block)
        {
            AddBlockIo(writes, block, facts);
        }

        AddHugepages(writes, resources.HugepageLimits, ".limit_in_bytes");
        if (resources.Network is { } network)
        {
            AddNetwork(writes, network);
        }

        AddRdma(writes, resources.Rdma);
    }

    // Hierarchies mounted with noprefix (Android) name the files without "cpuset.".
    private static void AddCpuset(List<LimitWrite> writes, CpuResources cpu, CgroupFacts facts)
    {
        if (string.IsNullOrEmpty(cpu.Cpus) && string.IsNullOrEmpty(cpu.Mems))
        {
            return;
        }

        string prefix = facts.Exists("cpuset", "cpuset.cpus") || !facts.Exists("cpuset", "cpus") ? "cpuset." : "";
        if (!string.IsNullOrEmpty(cpu.Cpus))
        {
            writes.Add(new LimitWrite("cpuset", prefix + "cpus", cpu.Cpus, "linux.resources.cpu.cpus"));
        }

        if (!string.IsNullOrEmpty(cpu.Mems))
        {
            writes.Add(new LimitWrite("cpuset", prefix + "mems", cpu.Mems, "linux.resources.cpu.mems"));
        }
    }

    // The kernel refuses a memory limit above the one of memory and swap, and the reverse: when both change, the one that opens room goes
    // first. kernel is passed over, as in runc and crun: kernels since 5.16 refuse it.
    private static void AddMemory(List<LimitWrite> writes, MemoryResources memory, CgroupFacts facts)
    {
        MemoryChecks.BeforeUpdate(memory, facts, "memory.usage_in_bytes");
        long limit = memory.Limit ?? 0;
        long swap = memory.Swap ?? 0;
        bool swapFollows = limit == ResourceConversion.Unlimited && swap == 0 && facts.Exists("memory", "memory.memsw.limit_in_bytes");
        if (swapFollows)
        {
            swap = ResourceConversion.Unlimited;
        }

        var memoryWrite = new LimitWrite("memory", "memory.limit_in_bytes", Text(limit), "linux.resources.memory.limit");
        var swapWrite = new LimitWrite(
            "memory", "memory.memsw.limit_in_bytes", Text(swap), swapFollows ? "linux.resources.memory.limit" : "linux.resources.memory.swap");
        if (limit != 0 && swap != 0
            && (swap == ResourceConversion.Unlimited || (facts.Number("memory", "memory.limit_in_bytes") ?? 0) < (ulong)swap))
        {
            writes.Add(swapWrite);
            writes.Add(memoryWrite);
        }
        else
        {
            if (limit != 0)
            {
                writes.Add(memoryWrite);
            }

            if (swap != 0)
            {
                writes.Add(swapWrite);
            }
        }

        if (memory.Reservation is { } reservation and not 0)
        {
            writes.Add(new LimitWrite("memory", "memory.soft_limit_in_bytes", Text(reservation), "linux.resources.memory.reservation"));
        }

        if (memory.KernelTcp is { } tcp and not 0)
        {
            writes.Add(new LimitWrite(
                "memory", "memory.kmem.tcp.limit_in_bytes", Text(tcp), "linux.resources.memory.kernelTCP", LimitTolerance.MayBeMissing));
        }

        // "false" is what engines write for "not set": only where the killer is off, by an earlier update or the parent, it is something to do.
        if (memory.DisableOomKiller is { } disable && (disable || KillerIsOff(facts)))
        {
            writes.Add(new LimitWrite("memory", "memory.oom_control", disable ? "1" : "0", "linux.resources.memory.disableOOMKiller"));
        }

        AddSwappiness(writes, memory.Swappiness);
    }

    private static bool KillerIsOff(CgroupFacts facts) =>
        facts.Read("memory", "memory.oom_control") is { } state && state.StartsWith("oom_kill_disable 1", StringComparison.Ordinal);

    private static void AddSwappiness(List<LimitWrite> writes, ulong? swappiness)
    {
        const ulong NotSet = ulong.MaxValue; // -1 of Go's callers
        const ulong Max = 100;
        if (swappiness is null or NotSet)
        {
            return;
        }

        writes.Add(swappiness > Max
            ? throw ContainerException.Config(
                "linux.resources.memory.swappiness", $"invalid memory swappiness value: {swappiness} (valid range is 0-100)")
            : new LimitWrite("memory", "memory.swappiness", Text(swappiness.Value), "linux.resources.memory.swappiness"));
    }

    private static void AddCpu(List<LimitWrite> writes, CpuResources cpu)
    {
        if (cpu.Shares is { } shares and not 0)
        {
            AddShares(writes, shares);
        }

        // The kernel checks period, quota and burst against each other and against the parent's.
        LimitTolerance retry = cpu.Quota is null or 0 ? LimitTolerance.None : LimitTolerance.RetryLater;
        if (cpu.Period is { } period and not 0)
        {
            writes.Add(new LimitWrite("cpu", "cpu.cfs_period_us", Text(period), "linux.resources.cpu.period", retry));
        }

        if (cpu.Burst is { } burst)
        {
            writes.Add(new LimitWrite(
                "cpu", "cpu.cfs_burst_us", Text(burst), "linux.resources.cpu.burst", retry | LimitTolerance.MayBeMissing));
        }

        if (cpu.Quota is { } quota and not 0)
        {
            writes.Add(new LimitWrite("cpu", "cpu.cfs_quota_us", Text(quota), "linux.resources.cpu.quota"));
        }

        if (cpu.Idle is { } idle)
        {
            writes.Add(new LimitWrite("cpu", "cpu.idle", Text(idle), "linux.resources.cpu.idle"));
        }

        if (cpu.RealtimePeriod is { } rtPeriod and not 0)
        {
            writes.Add(new LimitWrite(
                "cpu", "cpu.rt_period_us", Text(rtPeriod), "linux.resources.cpu.realtimePeriod",
                cpu.RealtimeRuntime is null or 0 ? LimitTolerance.None : LimitTolerance.RetryLater));
        }

        if (cpu.RealtimeRuntime is { } rtRuntime and not 0)
        {
            writes.Add(new LimitWrite("cpu", "cpu.rt_runtime_us", Text(rtRuntime), "linux.resources.cpu.realtimeRuntime"));
        }
    }

    // The kernel would take the nearest value it has, without a word.
    private static void AddShares(List<LimitWrite> writes, ulong shares)
    {
        if (shares is < ResourceConversion.MinShares or > ResourceConversion.MaxShares)
        {
            string rule = shares > ResourceConversion.MaxShares
                ? $"the maximum allowed cpu-shares is {ResourceConversion.MaxShares}"
                : $"the minimum allowed cpu-shares is {ResourceConversion.MinShares}";
            throw ContainerException.Config("linux.resources.cpu.shares", $"{rule}, got {shares}");
        }

        writes.Add(new LimitWrite("cpu", "cpu.shares", Text(shares), "linux.resources.cpu.shares"));
    }

    // Kernels with CFQ have blkio.weight; BFQ's files have an own name.
    private static void AddBlockIo(List<LimitWrite> writes, BlockIoResources block, CgroupFacts facts)
    {
        bool weighs = block.Weight is not (null or 0) || block.WeightDevice.Length > 0;
        string weightFile = weighs && facts.Exists("blkio", "blkio.weight") ? "blkio.weight" : "blkio.bfq.weight";
        if (block.Weight is { } weight and not 0)
        {
            writes.Add(new LimitWrite("blkio", weightFile, Text(weight), "linux.resources.blockIO.weight"));
        }

        if (block.LeafWeight is { } leafWeight and not 0)
        {
            writes.Add(new LimitWrite("blkio", "blkio.leaf_weight", Text(leafWeight), "linux.resources.blockIO.leafWeight"));
        }

        for (int i = 0; i < block.WeightDevice.Length; i++)
        {
            WeightDevice device = block.WeightDevice[i];
            string property = $"linux.resources.blockIO.weightDevice[{i}]";
            if (device.Weight is { } own and not 0)
            {
                writes.Add(new LimitWrite("blkio", weightFile + "_device", $"{device.Major}:{device.Minor} {own}", property + ".weight"));
            }

            if (device.LeafWeight is { } leaf and not 0)
            {
                writes.Add(new LimitWrite(
                    "blkio", "blkio.leaf_weight_device", $"{device.Major}:{device.Minor} {leaf}", property + ".leafWeight"));
            }
        }

        AddThrottle(writes, block.ThrottleReadBpsDevice, "read_bps", "throttleReadBpsDevice");
        AddThrottle(writes, block.ThrottleWriteBpsDevice, "write_bps", "throttleWriteBpsDevice");
        AddThrottle(writes, block.ThrottleReadIopsDevice, "read_iops", "throttleReadIOPSDevice");
        AddThrottle(writes, block.ThrottleWriteIopsDevice, "write_iops", "throttleWriteIOPSDevice");
    }

    private static void AddThrottle(List<LimitWrite> writes, ThrottleDevice[] devices, string file, string name)
    {
        for (int i = 0; i < devices.Length; i++)
        {
            writes.Add(new LimitWrite(
                "blkio", $"blkio.throttle.{file}_device", $"{devices[i].Major}:{devices[i].Minor} {devices[i].Rate}",
                $"linux.resources.blockIO.{name}[{i}]"));
        }
    }

    private static void AddNetwork(List<LimitWrite> writes, NetworkResources network)
    {
        if (network.ClassId is { } classId and not 0)
        {
            writes.Add(new LimitWrite("net_cls", "net_cls.classid", Text(classId), "linux.resources.network.classID"));
        }

        for (int i = 0; i < network.Priorities.Length; i++)
        {
            InterfacePriority priority = network.Priorities[i];
            writes.Add(new LimitWrite(
                "net_prio", "net_prio.ifpriomap", $"{priority.Name} {priority.Priority}", $"linux.resources.network.priorities[{i}]"));
        }
    }
}
