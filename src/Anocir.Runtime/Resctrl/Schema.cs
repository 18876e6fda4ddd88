using System;
using System.Globalization;

namespace Anocir.Runtime.Resctrl;

/// <summary>A line of a schemata file: <c>L3:0=7f0;1=1f</c>. Bit masks are hexadecimal, bandwidths decimal.</summary>
internal static class Schema
{
    /// <summary>Whether each value of a wanted line is the value of a schemata file; what the line does not name may be anything.</summary>
    public static bool Agrees(string wanted, string file)
    {
        ReadOnlySpan<char> resource = Resource(wanted, out ReadOnlySpan<char> values);
        foreach (ReadOnlySpan<char> line in file.AsSpan().EnumerateLines())
        {
            if (Resource(line, out ReadOnlySpan<char> there).SequenceEqual(resource))
            {
                return AllIn(values, there, resource.StartsWith("MB") ? NumberStyles.None : NumberStyles.AllowHexSpecifier);
            }
        }

        return false;
    }

    private static ReadOnlySpan<char> Resource(ReadOnlySpan<char> line, out ReadOnlySpan<char> values)
    {
        int colon = line.IndexOf(':');
        values = colon < 0 ? default : line[(colon + 1)..];
        return colon < 0 ? default : line[..colon].Trim();
    }

    private static bool AllIn(ReadOnlySpan<char> values, ReadOnlySpan<char> there, NumberStyles style)
    {
        foreach (Range range in values.Split(';'))
        {
            if (!TryPair(values[range], style, out int id, out ulong value) || Find(there, style, id) != value)
            {
                return false;
            }
        }

        return true;
    }

    private static ulong? Find(ReadOnlySpan<char> values, NumberStyles style, int wanted)
    {
        foreach (Range range in values.Split(';'))
        {
            if (TryPair(values[range], style, out int id, out ulong value) && id == wanted)
            {
                return value;
            }
        }

        return null;
    }

    private static bool TryPair(ReadOnlySpan<char> pair, NumberStyles style, out int id, out ulong value)
    {
        int equals = pair.IndexOf('=');
        id = 0;
        value = 0;
        return equals > 0
            && int.TryParse(pair[..equals].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out id)
            && ulong.TryParse(pair[(equals + 1)..].Trim(), style, CultureInfo.InvariantCulture, out value);
    }
}
