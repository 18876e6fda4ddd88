using System;
using System.Collections.Generic;
using Anocir.Runtime.Cgroups;
using Anocir.Runtime.Cgroups.Statistics;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Resctrl;

/// <summary>
/// What the kernel tells of a container's resctrl group (Documentation/filesystems/resctrl.rst), with the meaning that runc's events gives
/// to it. What the CPU does not have is null.
/// </summary>
public sealed class ResctrlStatistics
{
    /// <summary>What the CPU's L3 cache can be divided into; null where it cannot.</summary>
    public CacheInfo? Cache { get; private init; }

    /// <summary>What the CPU's memory bandwidth can be divided into; null where it cannot.</summary>
    public BandwidthInfo? Bandwidth { get; private init; }

    /// <summary>The lines of schemata of the root group; without the spaces around the whole text.</summary>
    public string[] RootSchemata { get; private init; } = [];

    /// <summary>The lines of schemata of the container's group; without the spaces around the whole text.</summary>
    public string[] Schemata { get; private init; } = [];

    /// <summary>Bytes moved between memory and each L3 cache; null where the CPU does not count them.</summary>
    public IReadOnlyList<BandwidthUse>? BandwidthUse { get; private init; }

    /// <summary>Bytes in each L3 cache; null where the CPU does not count them.</summary>
    public IReadOnlyList<ulong>? CacheUse { get; private init; }

    /// <summary>Reads them; null when the container has no group, or the group or the file system is gone.</summary>
    /// <param name="root">The mount point of resctrl; null = not mounted.</param>
    /// <param name="record">The group of the container; null = none.</param>
    /// <exception cref="Errors.ContainerException">A file is there and cannot be read.</exception>
    internal static ResctrlStatistics? Read(string? root, ResctrlRecord? record)
    {
        if (root is null || StatFile.Text(record?.Group, "schemata") is not { } schemata)
        {
            return null;
        }

        string[] counters = (StatFile.Text(root, "info/L3_MON/mon_features") ?? "").Split('\n');
        bool total = Array.IndexOf(counters, "mbm_total_bytes") >= 0, local = Array.IndexOf(counters, "mbm_local_bytes") >= 0;
        bool occupancy = Array.IndexOf(counters, "llc_occupancy") >= 0;
        var bandwidth = new List<BandwidthUse>();
        var cache = new List<ulong>();

        // Without a monitoring group of its own the numbers are those of all in the class of service, as runc gives them.
        foreach (string domain in Domains((record!.Monitor ?? record.Group) + "/mon_data"))
        {
            bandwidth.Add(new(total ? StatFile.Number(domain, "mbm_total_bytes") ?? 0 : 0, local ? StatFile.Number(domain, "mbm_local_bytes") ?? 0 : 0));
            cache.Add(occupancy ? StatFile.Number(domain, "llc_occupancy") ?? 0 : 0);
        }

        return new ResctrlStatistics
        {
            Cache = ReadCache(root),
            Bandwidth = ReadBandwidth(root),
            RootSchemata = Lines(StatFile.Text(root, "schemata") ?? ""),
            Schemata = Lines(schemata),
            BandwidthUse = total || local ? bandwidth : null,
            CacheUse = occupancy ? cache : null,
        };
    }

    /// <summary>The last line that speaks of a resource, or "".</summary>
    /// <param name="schemata">Lines such as <c>L3:0=7f0;1=1f</c>.</param>
    /// <param name="resource">A part of the line, as runc looks for it: <c>L3</c> finds L3CODE and L3DATA too.</param>
    public static string Line(string[] schemata, string resource) =>
        Array.FindLast(schemata, line => line.Contains(resource, StringComparison.Ordinal))?.Trim() ?? "";

    private static string[] Lines(string text) => text.Trim().Split('\n');

    // Later kernels have other domains beside the caches, such as mon_PERF_PKG_00 with the energy of a socket.
    private static List<string> Domains(string directory)
    {
        List<string> names = CgroupDirectory.Children(directory).FindAll(static name => name.StartsWith("mon_L3_", StringComparison.Ordinal));
        names.Sort(StringComparer.Ordinal);
        return names.ConvertAll(name => directory + "/" + name);
    }

    private static CacheInfo? ReadCache(string root) => !ResctrlRoot.Has(root, "L3") ? null : new CacheInfo(
        (StatFile.Text(root, "info/L3/cbm_mask") ?? "").Trim(),
        StatFile.Number(root, "info/L3/min_cbm_bits") ?? 0,
        StatFile.Number(root, "info/L3/num_closids") ?? 0);

    private static BandwidthInfo? ReadBandwidth(string root) => !ResctrlRoot.Has(root, "MB") ? null : new BandwidthInfo(
        StatFile.Number(root, "info/MB/bandwidth_gran") ?? 0,
        StatFile.Number(root, "info/MB/delay_linear") ?? 0,
        StatFile.Number(root, "info/MB/min_bandwidth") ?? 0,
        StatFile.Number(root, "info/MB/num_closids") ?? 0);
}

/// <summary>info/L3 of resctrl.</summary>
/// <param name="Mask">cbm_mask: all parts of the cache, hexadecimal without prefix.</param>
/// <param name="MinimumBits">min_cbm_bits: the fewest parts that a class of service must have.</param>
/// <param name="Classes">num_closids: how many classes of service there can be.</param>
public sealed record CacheInfo(string Mask, ulong MinimumBits, ulong Classes);

/// <summary>info/MB of resctrl.</summary>
/// <param name="Granularity">bandwidth_gran: step, in percent.</param>
/// <param name="DelayLinear">delay_linear: 1 when the delays of the CPU grow linearly.</param>
/// <param name="Minimum">min_bandwidth: the lowest value, in percent.</param>
/// <param name="Classes">num_closids: how many classes of service there can be.</param>
public sealed record BandwidthInfo(ulong Granularity, ulong DelayLinear, ulong Minimum, ulong Classes);

/// <summary>Bytes moved between memory and one L3 cache since the group was made.</summary>
/// <param name="Total">mbm_total_bytes: all.</param>
/// <param name="Local">mbm_local_bytes: those of the cache's own memory node.</param>
public readonly record struct BandwidthUse(ulong Total, ulong Local);
