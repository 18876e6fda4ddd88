using System;
using System.Collections.Generic;

namespace Anocir.Runtime.Cgroups.Statistics;

/// <summary>cgroup v2 (cgroup-v2.rst).</summary>
internal static class StatisticsV2
{
    private const ulong Microsecond = 1000;

    public static void Read(CgroupStatistics statistics, string? directory)
    {
        StatisticsReader.ReadPids(statistics, directory);
        ReadMemory(statistics.Memory, directory);
        ReadIo(statistics.Block, directory);
        ReadCpu(statistics.Cpu, directory);
        foreach (string size in StatisticsReader.PageSizes())
        {
            string prefix = "hugetlb." + size;
            if ((StatFile.Number(directory, prefix + ".rsvd.current") ?? StatFile.Number(directory, prefix + ".current")) is { } usage)
            {
                statistics.Hugepages.Add(new(size, new HugepageStatistics(usage, 0, Value(directory, prefix + ".events", "max"))));
            }
        }
    }

    // runc's shape is that of v1: swap there includes memory.
    private static void ReadMemory(MemoryStatistics memory, string? directory)
    {
        foreach ((string name, ulong value) in StatFile.Pairs(StatFile.Text(directory, "memory.stat") ?? ""))
        {
            memory.Raw[name] = value;
        }

        memory.Cache = memory.Raw.GetValueOrDefault("file");
        memory.Usage = Usage(directory, "memory");
        MemoryUsage swap = Usage(directory, "memory.swap");
        memory.Swap = new MemoryUsage(
            swap.Limit == CgroupStatistics.Unlimited ? swap.Limit : unchecked(swap.Limit + memory.Usage.Limit), swap.Usage + memory.Usage.Usage, 0, 0);
        memory.Pressure = StatFile.Pressure(directory, "memory.pressure");
    }

    private static MemoryUsage Usage(string? directory, string name) => StatFile.Number(directory, name + ".current") is { } usage
        ? new MemoryUsage(StatFile.Number(directory, name + ".max") ?? 0, usage, StatFile.Number(directory, name + ".peak") ?? 0, 0)
        : default;

    private static void ReadIo(BlockStatistics block, string? directory)
    {
        var bytes = new List<BlockEntry>();
        var operations = new List<BlockEntry>();
        foreach (string line in (StatFile.Text(directory, "io.stat") ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = line.Split(' ');
            string[] numbers = words[0].Split(':');
            if (numbers.Length != 2)
            {
                continue;
            }

            ulong major = StatFile.Parse(numbers[0]);
            ulong minor = StatFile.Parse(numbers[1]);
            foreach (string word in words)
            {
                int equals = word.IndexOf('=', StringComparison.Ordinal);
                (List<BlockEntry>? table, string operation) = (equals < 0 ? "" : word[..equals]) switch
                {
                    "rbytes" => (bytes, "Read"),
                    "wbytes" => (bytes, "Write"),
                    "rios" => (operations, "Read"),
                    "wios" => (operations, "Write"),
                    _ => (null, ""),
                };
                table?.Add(new BlockEntry(major, minor, operation, StatFile.Parse(word.AsSpan(equals + 1))));
            }
        }

        block.Tables[0] = [.. bytes];
        block.Tables[1] = [.. operations];
        block.Pressure = StatFile.Pressure(directory, "io.pressure");
    }

    private static void ReadCpu(CpuStatistics cpu, string? directory)
    {
        foreach ((string name, ulong value) in StatFile.Pairs(StatFile.Text(directory, "cpu.stat") ?? ""))
        {
            switch (name)
            {
                case "usage_usec":
                    cpu.Total = value * Microsecond;
                    break;
                case "user_usec":
                    cpu.User = value * Microsecond;
                    break;
                case "system_usec":
                    cpu.Kernel = value * Microsecond;
                    break;
                case "nr_periods":
                    cpu.Periods = value;
                    break;
                case "nr_throttled":
                    cpu.ThrottledPeriods = value;
                    break;
                case "throttled_usec":
                    cpu.ThrottledTime = value * Microsecond;
                    break;
            }
        }

        cpu.Pressure = StatFile.Pressure(directory, "cpu.pressure");
    }

    /// <summary>The value of a key in a file of pairs; 0 when either is missing.</summary>
    internal static ulong Value(string? directory, string file, string key)
    {
        foreach ((string name, ulong value) in StatFile.Pairs(StatFile.Text(directory, file) ?? ""))
        {
            if (name == key)
            {
                return value;
            }
        }

        return 0;
    }
}
