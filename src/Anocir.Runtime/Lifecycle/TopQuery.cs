using System;
using System.Collections.Generic;
using Anocir.Linux;
using Anocir.Runtime.Cgroups;
using Anocir.Runtime.Cgroups.Statistics;
using Anocir.Runtime.Errors;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>The top command: what all containers use now.</summary>
public sealed class TopQuery(RuntimeOptions options)
{
    private readonly HashSet<string> _told = [];
    private Dictionary<string, Sample> _last = [];

    /// <summary>
    /// Every container that has not stopped, by name. CPU percents are of the time since the last call (100 = one CPU); the first call
    /// has none. One that ends or cannot be read meanwhile is left out, the latter with one warning however often this is called.
    /// </summary>
    public List<TopRow> Next()
    {
        var rows = new List<TopRow>();
        var samples = new Dictionary<string, Sample>();
        foreach (ContainerSnapshot container in ListQuery.All(options, _told))
        {
            if (container.Status is ContainerStatus.Stopped or ContainerStatus.Creating || container.Record.Cgroup is not { } cgroup)
            {
                continue;
            }

            CgroupStatistics statistics;
            try
            {
                statistics = StatisticsReader.Read(CgroupDirectories.From(cgroup));
            }
            catch (ContainerException e)
            {
                options.Log.Debug($"cannot read the statistics of container '{container.Record.Id}': {e.Message}, skipping");
                continue;
            }

            var sample = new Sample(Environment.TickCount64, statistics.Cpu.Total);
            samples[container.Record.Id] = sample;
            rows.Add(new TopRow(container, statistics, Percent(container.Record.Id, sample)));
        }

        _last = samples;
        return rows;
    }

    /// <summary>Waits for the time between two samples.</summary>
    public static void Wait(int milliseconds) => _ = Sys.PollInput(-1, -1, milliseconds);

    // A total that fell is another container of the same name.
    private double? Percent(string id, Sample now) =>
        _last.TryGetValue(id, out Sample before) && now.Milliseconds > before.Milliseconds && now.Nanoseconds >= before.Nanoseconds
            ? (now.Nanoseconds - before.Nanoseconds) / 10_000.0 / (now.Milliseconds - before.Milliseconds)
            : null;

    private readonly record struct Sample(long Milliseconds, ulong Nanoseconds);
}

/// <summary>What one container uses.</summary>
/// <param name="Container">The container.</param>
/// <param name="Statistics">What the kernel counted.</param>
/// <param name="CpuPercent">Percent of one CPU since the last sample; null without one.</param>
public sealed record TopRow(ContainerSnapshot Container, CgroupStatistics Statistics, double? CpuPercent)
{
    /// <summary>Limit of memory in bytes; null for none (v1 prints a number near 2^63 for that).</summary>
    public ulong? MemoryLimit => Statistics.Memory.Usage.Limit is 0 or > 1UL << 62 ? null : Statistics.Memory.Usage.Limit;

    /// <summary>Bytes of all block devices for one operation, <c>Read</c> or <c>Write</c>.</summary>
    public ulong Bytes(string operation)
    {
        ulong sum = 0;
        foreach (BlockEntry entry in Statistics.Block.Bytes)
        {
            sum += entry.Operation == operation ? entry.Value : 0;
        }

        return sum;
    }
}
