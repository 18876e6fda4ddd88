using System;
using System.Collections.Generic;

namespace Anocir.Runtime.Cgroups.Statistics;

/// <summary>cgroup v1 (Documentation/admin-guide/cgroup-v1).</summary>
internal static class StatisticsV1
{
    /// <summary>USER_HZ, the unit of cpuacct.stat on every architecture here.</summary>
    private const ulong TicksPerSecond = 100;
    private const ulong NanosecondsPerTick = 1_000_000_000 / TicksPerSecond;

    // Which files there are depends on the I/O scheduler; of each group the first file decides. In the order of BlockStatistics.Names.
    private static ReadOnlySpan<string> BfqTables => new string[]
    {
        "io_service_bytes", "io_serviced", "io_queued", "io_service_time", "io_wait_time", "io_merged", "time", "sectors",
    };

    public static void Read(CgroupStatistics statistics, CgroupDirectories directories)
    {
        ReadCpuset(statistics.Cpuset, directories.Find("cpuset"));
        ReadMemory(statistics.Memory, directories.Find("memory"));
        ReadCpu(statistics.Cpu, directories.Find("cpu"), directories.Find("cpuacct"));
        StatisticsReader.ReadPids(statistics, directories.Find("pids"));
        ReadBlock(statistics.Block, directories.Find("blkio"));
        ReadHugepages(statistics.Hugepages, directories.Find("hugetlb"));

        // On a hybrid host the container is in a v2 cgroup too, and that is where pressure is counted.
        string? unified = directories.Find("");
        statistics.Cpu.Pressure = StatFile.Pressure(unified, "cpu.pressure");
        statistics.Memory.Pressure = StatFile.Pressure(unified, "memory.pressure");
        statistics.Block.Pressure = StatFile.Pressure(unified, "io.pressure");
    }

    private static void ReadCpuset(CpusetStatistics cpuset, string? directory)
    {
        string prefix = StatFile.Text(directory, "cpuset.cpus") is null ? "" : "cpuset.";
        cpuset.Cpus = StatFile.List(StatFile.Text(directory, prefix + "cpus") ?? "");
        cpuset.Mems = StatFile.List(StatFile.Text(directory, prefix + "mems") ?? "");
        for (int i = 0; i < CpusetStatistics.Names.Length; i++)
        {
            cpuset.Values[i] = StatFile.Number(directory, prefix + CpusetStatistics.Names[i]) ?? 0;
        }

        string? level = StatFile.Text(directory, prefix + "sched_relax_domain_level");
        cpuset.RelaxDomainLevel = long.TryParse(level?.Trim(), out long value) ? value : 0;
    }

    private static void ReadMemory(MemoryStatistics memory, string? directory)
    {
        foreach ((string name, ulong value) in StatFile.Pairs(StatFile.Text(directory, "memory.stat") ?? ""))
        {
            memory.Raw[name] = value;
        }

        memory.Cache = memory.Raw.GetValueOrDefault("cache");
        memory.Usage = Usage(directory, "memory");
        memory.Swap = Usage(directory, "memory.memsw");
        memory.Kernel = Usage(directory, "memory.kmem");
        memory.KernelTcp = Usage(directory, "memory.kmem.tcp");
    }

    private static MemoryUsage Usage(string? directory, string name) => StatFile.Number(directory, name + ".usage_in_bytes") is { } usage
        ? new MemoryUsage(
            StatFile.Number(directory, name + ".limit_in_bytes") ?? 0, usage, StatFile.Number(directory, name + ".max_usage_in_bytes") ?? 0,
            StatFile.Number(directory, name + ".failcnt") ?? 0)
        : default;

    private static void ReadCpu(CpuStatistics cpu, string? directory, string? accounting)
    {
        foreach ((string name, ulong value) in StatFile.Pairs(StatFile.Text(directory, "cpu.stat") ?? ""))
        {
            switch (name)
            {
                case "nr_periods":
                    cpu.Periods = value;
                    break;
                case "nr_throttled":
                    cpu.ThrottledPeriods = value;
                    break;
                case "throttled_time":
                    cpu.ThrottledTime = value;
                    break;
            }
        }

        cpu.Total = StatFile.Number(accounting, "cpuacct.usage") ?? 0;
        cpu.User = StatisticsV2.Value(accounting, "cpuacct.stat", "user") * NanosecondsPerTick;
        cpu.Kernel = StatisticsV2.Value(accounting, "cpuacct.stat", "system") * NanosecondsPerTick;
        cpu.PerCpu = StatFile.Numbers(StatFile.Text(accounting, "cpuacct.usage_percpu") ?? "");
        ReadModes(cpu, StatFile.Text(accounting, "cpuacct.usage_all") ?? "");
    }

    // A heading "cpu user system", then a line for each CPU.
    private static void ReadModes(CpuStatistics cpu, string text)
    {
        var user = new List<ulong>();
        var kernel = new List<ulong>();
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        for (int i = 1; i < lines.Length; i++)
        {
            ulong[] numbers = StatFile.Numbers(lines[i]);
            if (numbers.Length >= 3)
            {
                user.Add(numbers[1]);
                kernel.Add(numbers[2]);
            }
        }

        cpu.PerCpuUser = [.. user];
        cpu.PerCpuKernel = [.. kernel];
    }

    private static void ReadBlock(BlockStatistics block, string? directory)
    {
        // BFQ's and CFQ's files are there even when the device has another scheduler, and then empty.
        foreach (string prefix in (ReadOnlySpan<string>)["blkio.bfq.", "blkio."])
        {
            bool any = false;
            for (int i = 0; i < BfqTables.Length; i++)
            {
                block.Tables[i] = Table(StatFile.Text(directory, prefix + BfqTables[i] + "_recursive"));
                any |= block.Tables[i].Length > 0;
            }

            if (any)
            {
                return;
            }
        }

        foreach (string suffix in (ReadOnlySpan<string>)["_recursive", ""])
        {
            if (StatFile.Text(directory, "blkio.throttle.io_serviced" + suffix) is { } serviced)
            {
                block.Tables[0] = Table(StatFile.Text(directory, "blkio.throttle.io_service_bytes" + suffix));
                block.Tables[1] = Table(serviced);
                return;
            }
        }
    }

    // "8:0 Read 4096" or "8:0 4096"; the last line, "Total 4096", is about no device.
    private static BlockEntry[] Table(string? text)
    {
        var entries = new List<BlockEntry>();
        foreach (string line in (text ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] fields = line.Split([' ', ':'], StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length >= 3)
            {
                entries.Add(new BlockEntry(
                    StatFile.Parse(fields[0]), StatFile.Parse(fields[1]), fields.Length > 3 ? fields[2] : "", StatFile.Parse(fields[^1])));
            }
        }

        return [.. entries];
    }

    private static void ReadHugepages(List<KeyValuePair<string, HugepageStatistics>> hugepages, string? directory)
    {
        if (directory is null)
        {
            return;
        }

        foreach (string size in StatisticsReader.PageSizes())
        {
            string prefix = $"hugetlb.{size}.rsvd";
            if (StatFile.Number(directory, prefix + ".usage_in_bytes") is null)
            {
                prefix = "hugetlb." + size;
            }

            if (StatFile.Number(directory, prefix + ".usage_in_bytes") is { } usage)
            {
                hugepages.Add(new(size, new HugepageStatistics(
                    usage, StatFile.Number(directory, prefix + ".max_usage_in_bytes") ?? 0, StatFile.Number(directory, prefix + ".failcnt") ?? 0)));
            }
        }
    }
}
