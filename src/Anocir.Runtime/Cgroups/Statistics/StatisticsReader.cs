using System;
using System.Collections.Generic;
using Anocir.Runtime.Cgroups.Limits;

namespace Anocir.Runtime.Cgroups.Statistics;

/// <summary>Reads the statistics of a container's cgroup.</summary>
public static class StatisticsReader
{
    /// <summary>All there are; what the kernel or a missing controller does not tell stays 0.</summary>
    /// <exception cref="Errors.ContainerException">A file is there and cannot be read.</exception>
    public static CgroupStatistics Read(CgroupDirectories directories)
    {
        var statistics = new CgroupStatistics();
        if (directories.IsUnified)
        {
            StatisticsV2.Read(statistics, directories.Find(""));
        }
        else
        {
            StatisticsV1.Read(statistics, directories);
        }

        return statistics;
    }

    /// <summary>pids.current and pids.max, the same in both versions.</summary>
    internal static void ReadPids(CgroupStatistics statistics, string? directory)
    {
        statistics.PidsCurrent = StatFile.Number(directory, "pids.current") ?? 0;
        statistics.PidsLimit = StatFile.Number(directory, "pids.max") is { } limit and not CgroupStatistics.Unlimited ? limit : 0;
    }

    /// <summary>The page sizes of the kernel, as the files of the hugetlb controller spell them: <c>2MB</c>.</summary>
    internal static List<string> PageSizes()
    {
        const string Prefix = "hugepages-";
        var sizes = new List<string>();
        foreach (string name in CgroupDirectory.Children("/sys/kernel/mm/hugepages"))
        {
            if (name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith("kB", StringComparison.Ordinal))
            {
                sizes.Add(PageSize(StatFile.Parse(name.AsSpan(Prefix.Length, name.Length - Prefix.Length - 2))));
            }
        }

        sizes.Sort(StringComparer.Ordinal);
        return sizes;
    }

    /// <summary>A number of KiB with the largest unit that divides it.</summary>
    internal static string PageSize(ulong kibibytes)
    {
        string[] units = ["KB", "MB", "GB"];
        int unit = 0;
        while (kibibytes >= 1024 && unit < units.Length - 1)
        {
            kibibytes /= 1024;
            unit++;
        }

        return ResourceLimits.Text(kibibytes) + units[unit];
    }
}
