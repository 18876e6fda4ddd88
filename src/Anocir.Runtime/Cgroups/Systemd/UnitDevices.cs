using System;
using System.Collections.Generic;
using System.Globalization;
using Anocir.Runtime.Cgroups.Devices;

namespace Anocir.Runtime.Cgroups.Systemd;

/// <summary>
/// The device rules as systemd's DevicePolicy and DeviceAllow. They only keep systemd from undoing ours when it looks at the unit again: what it
/// cannot express (a list of what is denied, a minor number of any major one) is in our own filter alone.
/// </summary>
internal static class UnitDevices
{
    /// <summary>The properties for a set.</summary>
    /// <param name="set">The container's rules.</param>
    /// <param name="devices">/proc/devices: the names of major numbers.</param>
    public static UnitProperty[] Properties(DeviceRuleSet set, string devices)
    {
        var allowed = new List<DbusValue>();
        if (!set.DefaultAllow)
        {
            foreach (DeviceEntry entry in set.Exceptions)
            {
                if (Pattern(entry, devices) is { } pattern)
                {
                    allowed.Add(DbusValue.Struct(DbusValue.String(pattern), DbusValue.String(DeviceEntry.Letters(entry.Access))));
                }
            }
        }

        return
        [
            new UnitProperty("DevicePolicy", DbusValue.String(set.DefaultAllow ? "auto" : "strict")),
            new UnitProperty("DeviceAllow", DbusValue.Array("(ss)", [.. allowed])),
        ];
    }

    private static string? Pattern(in DeviceEntry entry, string devices)
    {
        string type = entry.Type == 'c' ? "char" : "block";
        return (entry.Major, entry.Minor) switch
        {
            (DeviceEntry.Any, DeviceEntry.Any) => type + "-*",
            (DeviceEntry.Any, _) => null,
            (_, DeviceEntry.Any) => NameOf(entry.Major, entry.Type, devices) is { } name ? $"{type}-{name}" : null,
            _ => string.Create(CultureInfo.InvariantCulture, $"/dev/{type}/{entry.Major}:{entry.Minor}"),
        };
    }

    // "Character devices:" and "Block devices:", then lines of a number and a name.
    private static string? NameOf(long major, char type, string devices)
    {
        bool inSection = false;
        foreach (string line in devices.Split('\n'))
        {
            if (line.EndsWith("devices:", StringComparison.Ordinal))
            {
                inSection = line.StartsWith(type == 'c' ? "Character" : "Block", StringComparison.Ordinal);
                continue;
            }

            string[] words = line.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (inSection && words.Length == 2 && long.TryParse(words[0], CultureInfo.InvariantCulture, out long number) && number == major)
            {
                return words[1];
            }
        }

        return null;
    }
}
