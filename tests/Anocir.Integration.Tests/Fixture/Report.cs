using System;
using System.Collections.Generic;
using System.Linq;

namespace Anocir.Integration.Tests.Fixture;

/// <summary>What the probe printed: names with one or more values.</summary>
internal sealed class Report
{
    private readonly List<(string Name, string Value)> _lines = [];

    public Report(string output)
    {
        foreach (string line in output.Split('\n'))
        {
            int tab = line.TrimEnd('\r').IndexOf('\t', StringComparison.Ordinal);
            if (tab >= 0)
            {
                _lines.Add((line[..tab], Unescape(line.TrimEnd('\r')[(tab + 1)..])));
            }
        }
    }

    /// <summary>The only value of a name.</summary>
    public string this[string name] => All(name) is [var one]
        ? one
        : throw new KeyNotFoundException($"'{name}' is there {All(name).Length} times, in:\n{this}");

    /// <summary>All values of a name, in order.</summary>
    public string[] All(string name) => [.. _lines.Where(line => line.Name == name).Select(line => line.Value)];

    /// <summary>A hexadecimal mask.</summary>
    public ulong Mask(string name) => Convert.ToUInt64(this[name], 16);

    public override string ToString() => string.Join('\n', _lines.Select(line => $"{line.Name}: {line.Value}"));

    private static string Unescape(string value) => value.Replace("\\\\", "\0", StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal)
        .Replace("\\t", "\t", StringComparison.Ordinal).Replace("\0", "\\", StringComparison.Ordinal);
}
