using System;
using System.Collections.Generic;

namespace Anocir.Runtime.Cgroups.Statistics;

/// <summary>What the kernel counted for a container's cgroup, with the meaning that runc's events gives to each number.</summary>
public sealed class CgroupStatistics
{
    /// <summary>Stands for <c>max</c>.</summary>
    public const ulong Unlimited = ulong.MaxValue;

    /// <summary>CPU time.</summary>
    public CpuStatistics Cpu { get; } = new();

    /// <summary>cpuset (v1 only).</summary>
    public CpusetStatistics Cpuset { get; } = new();

    /// <summary>Memory.</summary>
    public MemoryStatistics Memory { get; } = new();

    /// <summary>Number of tasks.</summary>
    public ulong PidsCurrent { get; set; }

    /// <summary>Most tasks; 0 = no limit.</summary>
    public ulong PidsLimit { get; set; }

    /// <summary>Block I/O.</summary>
    public BlockStatistics Block { get; } = new();

    /// <summary>Huge pages by size.</summary>
    public List<KeyValuePair<string, HugepageStatistics>> Hugepages { get; } = [];
}

/// <summary>CPU time in nanoseconds.</summary>
public sealed class CpuStatistics
{
    /// <summary>All of it.</summary>
    public ulong Total { get; set; }

    /// <summary>In the kernel.</summary>
    public ulong Kernel { get; set; }

    /// <summary>In programs.</summary>
    public ulong User { get; set; }

    /// <summary>By CPU (v1 only).</summary>
    public ulong[] PerCpu { get; set; } = [];

    /// <summary>By CPU, in the kernel (v1 only).</summary>
    public ulong[] PerCpuKernel { get; set; } = [];

    /// <summary>By CPU, in programs (v1 only).</summary>
    public ulong[] PerCpuUser { get; set; } = [];

    /// <summary>Periods of the bandwidth limit.</summary>
    public ulong Periods { get; set; }

    /// <summary>Periods in which the quota ran out.</summary>
    public ulong ThrottledPeriods { get; set; }

    /// <summary>Nanoseconds spent waiting for the next period.</summary>
    public ulong ThrottledTime { get; set; }

    /// <summary>Pressure; null when the kernel does not tell.</summary>
    public Pressure? Pressure { get; set; }
}

/// <summary>The files of a v1 cpuset.</summary>
public sealed class CpusetStatistics
{
    /// <summary>CPUs.</summary>
    public ushort[] Cpus { get; set; } = [];

    /// <summary>Memory nodes.</summary>
    public ushort[] Mems { get; set; } = [];

    /// <summary>The rest in the order of <see cref="Names"/>.</summary>
    public ulong[] Values { get; } = new ulong[Names.Length];

    /// <summary>sched_relax_domain_level.</summary>
    public long RelaxDomainLevel { get; set; }

    /// <summary>Names of files and JSON members alike.</summary>
    public static ReadOnlySpan<string> Names => new string[]
    {
        "cpu_exclusive", "mem_hardwall", "mem_exclusive", "memory_migrate", "memory_spread_page", "memory_spread_slab", "memory_pressure",
        "sched_load_balance",
    };
}

/// <summary>Memory in bytes.</summary>
public sealed class MemoryStatistics
{
    /// <summary>Page cache.</summary>
    public ulong Cache { get; set; }

    /// <summary>Memory.</summary>
    public MemoryUsage Usage { get; set; }

    /// <summary>Memory and swap together, on v2 too.</summary>
    public MemoryUsage Swap { get; set; }

    /// <summary>Kernel memory (v1 only).</summary>
    public MemoryUsage Kernel { get; set; }

    /// <summary>TCP buffers (v1 only).</summary>
    public MemoryUsage KernelTcp { get; set; }

    /// <summary>memory.stat, by name.</summary>
    public SortedDictionary<string, ulong> Raw { get; } = new(StringComparer.Ordinal);

    /// <summary>Pressure.</summary>
    public Pressure? Pressure { get; set; }
}

/// <summary>One kind of memory.</summary>
/// <param name="Limit">Most allowed.</param>
/// <param name="Usage">Used now.</param>
/// <param name="Max">Most used ever.</param>
/// <param name="Failures">How often the limit was hit.</param>
public readonly record struct MemoryUsage(ulong Limit, ulong Usage, ulong Max, ulong Failures);

/// <summary>Huge pages of one size, in bytes.</summary>
/// <param name="Usage">Used now.</param>
/// <param name="Max">Most used ever (v1 only).</param>
/// <param name="Failures">How often the limit was hit.</param>
public readonly record struct HugepageStatistics(ulong Usage, ulong Max, ulong Failures);

/// <summary>One number about one block device.</summary>
/// <param name="Major">Major number.</param>
/// <param name="Minor">Minor number.</param>
/// <param name="Operation"><c>Read</c>, <c>Write</c>, <c>Total</c> …; empty where the file has none.</param>
/// <param name="Value">The number.</param>
public readonly record struct BlockEntry(ulong Major, ulong Minor, string Operation, ulong Value);

/// <summary>Block I/O, in the tables of cgroup v1.</summary>
public sealed class BlockStatistics
{
    /// <summary>The tables in the order of <see cref="Names"/>.</summary>
    public BlockEntry[][] Tables { get; } = [[], [], [], [], [], [], [], []];

    /// <summary>Bytes.</summary>
    public BlockEntry[] Bytes => Tables[0];

    /// <summary>Pressure.</summary>
    public Pressure? Pressure { get; set; }

    /// <summary>JSON names of the tables.</summary>
    public static ReadOnlySpan<string> Names => new string[]
    {
        "ioServiceBytesRecursive", "ioServicedRecursive", "ioQueueRecursive", "ioServiceTimeRecursive", "ioWaitTimeRecursive", "ioMergedRecursive",
        "ioTimeRecursive", "sectorsRecursive",
    };
}

/// <summary>A .pressure file (Documentation/accounting/psi.rst).</summary>
/// <param name="Some">At least one task waited.</param>
/// <param name="Full">All tasks waited.</param>
public sealed record Pressure(PressureLine Some, PressureLine Full);

/// <summary>A line of a .pressure file.</summary>
/// <param name="Avg10">Percent of the last 10 s.</param>
/// <param name="Avg60">Percent of the last minute.</param>
/// <param name="Avg300">Percent of the last 5 minutes.</param>
/// <param name="Total">Microseconds.</param>
public readonly record struct PressureLine(double Avg10, double Avg60, double Avg300, ulong Total);
