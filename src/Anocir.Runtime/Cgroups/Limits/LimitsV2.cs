using System;
using System.Collections.Generic;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;
using static Anocir.Runtime.Cgroups.Limits.ResourceLimits;

namespace Anocir.Runtime.Cgroups.Limits;

/// <summary>linux.resources for cgroup v2, in runc's order; what only v1 has is passed over, as in runc.</summary>
internal static class LimitsV2
{
    private const ulong DefaultPeriod = 100_000;

    public static void Add(List<LimitWrite> writes, Resources resources, CgroupFacts facts)
    {
        AddPids(writes, resources.Pids);
        if (resources.Memory is { } memory)
        {
            AddMemory(writes, memory, facts);
        }

        if (resources.BlockIO is { } block)
        {
            AddBlockIo(writes, block, facts);
        }

        if (resources.Cpu is { } cpu)
        {
            AddCpu(writes, cpu);
        }

        AddHugepages(writes, resources.HugepageLimits, ".max");
        AddRdma(writes, resources.Rdma);
        AddUnified(writes, resources.Unified);
    }

    private static void AddMemory(List<LimitWrite> writes, MemoryResources memory, CgroupFacts facts)
    {
        long limit = memory.Limit ?? 0;
        MemoryChecks.BeforeUpdate(memory, facts, "memory.current");
        if (ResourceConversion.Swap(limit, memory.Swap ?? 0) is { } swap)
        {
            // Without swap accounting there is no swap to limit: none, and all there is, come true by themselves.
            LimitTolerance tolerance = swap <= 0 ? LimitTolerance.MayBeMissing : LimitTolerance.None;
            string property = memory.Swap is null or 0 ? "linux.resources.memory.limit" : "linux.resources.memory.swap";
            writes.Add(new LimitWrite("memory", "memory.swap.max", MaxOr(swap), property, tolerance));
        }

        if (limit != 0)
        {
            const string Property = "linux.resources.memory.limit";
            writes.Add(new LimitWrite("memory", "memory.max", MaxOr(ResourceConversion.UnlimitedOr(limit, Property)), Property));
        }

        if (memory.Reservation is { } reservation and not 0)
        {
            const string Property = "linux.resources.memory.reservation";
            writes.Add(new LimitWrite("memory", "memory.low", MaxOr(ResourceConversion.UnlimitedOr(reservation, Property)), Property));
        }
    }

    private static void AddBlockIo(List<LimitWrite> writes, BlockIoResources block, CgroupFacts facts)
    {
        bool hasBfq = (block.Weight is not (null or 0) || block.WeightDevice.Length > 0) && facts.Exists("io", "io.bfq.weight");
        if (block.Weight is { } weight and not 0)
        {
            writes.Add(hasBfq
                ? new LimitWrite("io", "io.bfq.weight", Text(weight), "linux.resources.blockIO.weight")
                : new LimitWrite("io", "io.weight", Text(ResourceConversion.IoWeight(weight)), "linux.resources.blockIO.weight"));
        }

        // Older kernels print one number there and take no device.
        if (hasBfq && block.WeightDevice.Length > 0 && facts.Number("io", "io.bfq.weight") is null)
        {
            for (int i = 0; i < block.WeightDevice.Length; i++)
            {
                WeightDevice device = block.WeightDevice[i];
                writes.Add(new LimitWrite(
                    "io", "io.bfq.weight", $"{device.Major}:{device.Minor} {device.Weight ?? 0}", $"linux.resources.blockIO.weightDevice[{i}]"));
            }
        }

        AddThrottle(writes, block.ThrottleReadBpsDevice, "rbps", "throttleReadBpsDevice");
        AddThrottle(writes, block.ThrottleWriteBpsDevice, "wbps", "throttleWriteBpsDevice");
        AddThrottle(writes, block.ThrottleReadIopsDevice, "riops", "throttleReadIOPSDevice");
        AddThrottle(writes, block.ThrottleWriteIopsDevice, "wiops", "throttleWriteIOPSDevice");
    }

    private static void AddThrottle(List<LimitWrite> writes, ThrottleDevice[] devices, string key, string name)
    {
        for (int i = 0; i < devices.Length; i++)
        {
            // 0 takes a limit away on v1; io.max says max for that and refuses 0.
            string rate = devices[i].Rate == 0 ? "max" : Text(devices[i].Rate);
            writes.Add(new LimitWrite(
                "io", "io.max", $"{devices[i].Major}:{devices[i].Minor} {key}={rate}", $"linux.resources.blockIO.{name}[{i}]"));
        }
    }

    private static void AddCpu(List<LimitWrite> writes, CpuResources cpu)
    {
        if (cpu.Idle is { } idle)
        {
            writes.Add(new LimitWrite("cpu", "cpu.idle", Text(idle), "linux.resources.cpu.idle"));
        }

        if (cpu.Shares is { } shares and not 0)
        {
            writes.Add(new LimitWrite("cpu", "cpu.weight", Text(ResourceConversion.CpuWeight(shares)), "linux.resources.cpu.shares"));
        }

        bool hasBandwidth = cpu.Quota is not (null or 0) || cpu.Period is not (null or 0);
        if (cpu.Burst is { } burst)
        {
            writes.Add(new LimitWrite(
                "cpu", "cpu.max.burst", Text(burst), "linux.resources.cpu.burst",
                hasBandwidth ? LimitTolerance.RetryLater : LimitTolerance.None));
        }

        if (hasBandwidth)
        {
            long quota = cpu.Quota ?? 0;
            ulong period = cpu.Period is { } given and not 0 ? given : DefaultPeriod;
            writes.Add(new LimitWrite(
                "cpu", "cpu.max", $"{(quota > 0 ? Text(quota) : "max")} {period}",
                quota != 0 ? "linux.resources.cpu.quota" : "linux.resources.cpu.period"));
        }

        if (!string.IsNullOrEmpty(cpu.Cpus))
        {
            writes.Add(new LimitWrite("cpuset", "cpuset.cpus", cpu.Cpus, "linux.resources.cpu.cpus"));
        }

        if (!string.IsNullOrEmpty(cpu.Mems))
        {
            writes.Add(new LimitWrite("cpuset", "cpuset.mems", cpu.Mems, "linux.resources.cpu.mems"));
        }
    }

    // Last, so that they prevail over the typed values. Line by line: io.max and its like take one device in a write.
    private static void AddUnified(List<LimitWrite> writes, KeyValuePair<string, string>[] unified)
    {
        foreach ((string file, string value) in unified)
        {
            string property = $"linux.resources.unified[\"{Printable.Escape(file)}\"]";
            int dot = file.IndexOf('.', StringComparison.Ordinal);
            if (file.Contains('/', StringComparison.Ordinal))
            {
                throw ContainerException.Config(property, $"unified resource \"{Printable.Escape(file)}\" must be a file name (no slashes)");
            }

            if (dot <= 0)
            {
                throw ContainerException.Config(
                    property, $"unified resource \"{Printable.Escape(file)}\" must be in the form CONTROLLER.PARAMETER");
            }

            foreach (string line in value.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                writes.Add(new LimitWrite(file[..dot], file, line, property));
            }
        }
    }
}
