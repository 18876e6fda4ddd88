using System;
using System.Collections.Generic;
using System.Globalization;
using Anocir.Runtime.Cgroups.Limits;

namespace Anocir.Runtime.Cgroups.Systemd;

/// <summary>
/// What systemd is told of the limits that are written into the cgroup's files, so that it does not undo them when it looks at the unit again.
/// A function of the writes; what systemd has no property for, or is too old for, is in the files only.
/// </summary>
public static class UnitLimits
{
    private const ulong Infinity = ulong.MaxValue;
    private const ulong DefaultPeriod = 100_000;
    private const ulong MicrosecondsPerSecond = 1_000_000;

    /// <summary>The properties; of several writes to one file the last counts.</summary>
    /// <param name="writes">What <see cref="ResourceLimits"/> makes of linux.resources.</param>
    /// <param name="isUnified">Whether the files are those of cgroup v2.</param>
    /// <param name="version">Asks for systemd's version, where that matters.</param>
    public static List<UnitProperty> Properties(IReadOnlyList<LimitWrite> writes, bool isUnified, Func<int> version)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (LimitWrite write in writes)
        {
            values[write.File] = write.Value.Trim();
        }

        var properties = new List<UnitProperty>();
        if (isUnified)
        {
            AddUnified(properties, values, version);
        }
        else
        {
            AddLegacy(properties, values, version);
        }

        AddNumber(properties, values, "pids.max", "TasksMax", least: 1); // systemd takes no 0
        AddSet(properties, values, "cpuset.cpus", "AllowedCPUs", version);
        AddSet(properties, values, "cpuset.mems", "AllowedMemoryNodes", version);
        return properties;
    }

    private static void AddUnified(List<UnitProperty> properties, Dictionary<string, string> values, Func<int> version)
    {
        AddNumber(properties, values, "memory.max", "MemoryMax");
        AddNumber(properties, values, "memory.low", "MemoryLow");
        AddNumber(properties, values, "memory.min", "MemoryMin");
        AddNumber(properties, values, "memory.high", "MemoryHigh");
        AddNumber(properties, values, "memory.swap.max", "MemorySwapMax");

        // A weight of 0 is how systemd sets cpu.idle, since version 252.
        const int IdleVersion = 252;
        if (values.GetValueOrDefault("cpu.idle") == "1" && version() >= IdleVersion)
        {
            properties.Add(new UnitProperty("CPUWeight", DbusValue.UInt64(0)));
        }
        else
        {
            AddNumber(properties, values, "cpu.weight", "CPUWeight");
        }

        if (values.TryGetValue("cpu.max", out string? max))
        {
            string[] words = max.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length is 1 or 2 && TryNumber(words[0], out ulong quota) && (words.Length == 1 || TryNumber(words[1], out _)))
            {
                AddQuota(properties, quota, words.Length == 2 ? ulong.Parse(words[1], CultureInfo.InvariantCulture) : DefaultPeriod, version);
            }
        }
    }

    private static void AddLegacy(List<UnitProperty> properties, Dictionary<string, string> values, Func<int> version)
    {
        AddNumber(properties, values, "memory.limit_in_bytes", "MemoryLimit");
        AddNumber(properties, values, "cpu.shares", "CPUShares");
        AddNumber(properties, values, values.ContainsKey("blkio.weight") ? "blkio.weight" : "blkio.bfq.weight", "BlockIOWeight");
        bool hasQuota = values.TryGetValue("cpu.cfs_quota_us", out string? quotaText);
        bool hasPeriod = values.TryGetValue("cpu.cfs_period_us", out string? periodText);
        ulong period = DefaultPeriod;
        if ((hasQuota || hasPeriod) && (!hasPeriod || TryNumber(periodText!, out period)))
        {
            AddQuota(properties, hasQuota && TryNumber(quotaText!, out ulong quota) ? quota : Infinity, period, version);
        }
    }

    /// <summary>
    /// The writes with the quota that systemd has, which counts in whole percents of a CPU: rounded up like its property, so that the file says
    /// the same before and after systemd looks at its unit again (as runc since 1.5).
    /// </summary>
    public static void RoundQuota(List<LimitWrite> writes)
    {
        string period = "100000";
        foreach (LimitWrite write in writes)
        {
            period = write.File == "cpu.cfs_period_us" ? write.Value.Trim() : period;
        }

        for (int i = 0; i < writes.Count; i++)
        {
            string[] words = writes[i].File is "cpu.max" or "cpu.cfs_quota_us" ? writes[i].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries) : [];
            if (words.Length > 0 && TryNumber(words[0], out ulong quota) && quota is not (0 or Infinity)
                && TryNumber(words.Length > 1 ? words[1] : period, out ulong length) && length is not (0 or Infinity))
            {
                words[0] = ((UInt128)PerSecond(quota, length) * length / MicrosecondsPerSecond).ToString(CultureInfo.InvariantCulture);
                writes[i] = writes[i] with { Value = string.Join(' ', words) };
            }
        }
    }

    private static ulong PerSecond(ulong quota, ulong period)
    {
        const ulong Percent = 10_000;
        UInt128 perSecond = (UInt128)quota * MicrosecondsPerSecond / period;
        return (ulong)UInt128.Min((perSecond + Percent - 1) / Percent * Percent, Infinity - 1);
    }

    // systemd counts in whole percents of a CPU: rounded up, so that the quota in the files below is never refused.
    private static void AddQuota(List<UnitProperty> properties, ulong quota, ulong period, Func<int> version)
    {
        const int PeriodVersion = 242;
        if (period == 0)
        {
            return;
        }

        if (version() >= PeriodVersion)
        {
            properties.Add(new UnitProperty("CPUQuotaPeriodUSec", DbusValue.UInt64(period)));
        }

        ulong value = quota is 0 or Infinity ? Infinity : PerSecond(quota, period);
        properties.Add(new UnitProperty("CPUQuotaPerSecUSec", DbusValue.UInt64(value)));
    }

    private static void AddSet(List<UnitProperty> properties, Dictionary<string, string> values, string file, string name, Func<int> version)
    {
        const int SetVersion = 244;
        byte[] mask = []; // no CPUs are all of them
        if (values.TryGetValue(file, out string? list) && (list.Length == 0 || TryMask(list, out mask)) && version() >= SetVersion)
        {
            properties.Add(new UnitProperty(name, DbusValue.Bytes(mask)));
        }
    }

    private static void AddNumber(List<UnitProperty> properties, Dictionary<string, string> values, string file, string name, ulong least = 0)
    {
        if (values.TryGetValue(file, out string? text) && TryNumber(text, out ulong number))
        {
            properties.Add(new UnitProperty(name, DbusValue.UInt64(Math.Max(number, least))));
        }
    }

    // "max" of v2 and a negative number of v1 are no limit. What is no number is for the kernel to refuse.
    private static bool TryNumber(string text, out ulong number)
    {
        if (text is "max" || (text.StartsWith('-') && long.TryParse(text, CultureInfo.InvariantCulture, out _)))
        {
            number = Infinity;
            return true;
        }

        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>A list of the kernel (<c>0-3,8</c>) as bits, the first CPU in the lowest bit of the first byte; false when it is no list.</summary>
    public static bool TryMask(string list, out byte[] mask)
    {
        const int MaxBit = 8192; // CPUs that a kernel can be built for
        mask = [];
        foreach (string part in list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int dash = part.IndexOf('-', StringComparison.Ordinal);
            string first = dash < 0 ? part : part[..dash];
            string last = dash < 0 ? part : part[(dash + 1)..];
            if (!int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out int from)
                || !int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out int to)
                || from > to || to >= MaxBit)
            {
                return false;
            }

            Array.Resize(ref mask, Math.Max(mask.Length, (to / 8) + 1));
            for (int bit = from; bit <= to; bit++)
            {
                mask[bit / 8] |= (byte)(1 << (bit % 8));
            }
        }

        return mask.Length > 0;
    }
}
