using System;
using System.Globalization;

namespace Anocir.Cli.CommandLine;

/// <summary>Sizes in bytes with binary units.</summary>
internal static class ByteSize
{
    private const string Units = "kmgtp";

    /// <summary>
    /// <c>50M</c>, <c>1.5 GiB</c>, <c>4096</c>: as Docker's and runc's options of memory read them. Letters in any case, each unit 1024 times
    /// the one before.
    /// </summary>
    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        int end = 0;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '.'))
        {
            end++;
        }

        ReadOnlySpan<char> unit = text.AsSpan(end);
        unit = unit.StartsWith(" ") ? unit[1..] : unit;
        double scale = 1;
        int index = unit.IsEmpty ? -1 : Units.IndexOf(char.ToLowerInvariant(unit[0]), StringComparison.Ordinal);
        if (index >= 0)
        {
            scale = Math.Pow(1024, index + 1);
            unit = unit[1..];
        }

        unit = unit.StartsWith("i", StringComparison.OrdinalIgnoreCase) ? unit[1..] : unit;
        bool isUnit = unit.IsEmpty || unit.Equals("b", StringComparison.OrdinalIgnoreCase);
        if (!isUnit || end == 0
            || !decimal.TryParse(text.AsSpan(0, end), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number)
            || number > long.MaxValue / (decimal)scale)
        {
            return false;
        }

        bytes = (long)(number * (decimal)scale);
        return true;
    }

    /// <summary>For people: three digits and a unit, <c>1.5M</c>, <c>20M</c>.</summary>
    public static string Short(ulong bytes)
    {
        double value = bytes;
        int unit = -1;
        while (value >= 1000 && unit < Units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        string number = value.ToString(unit >= 0 && value < 10 ? "F1" : "F0", CultureInfo.InvariantCulture);
        return unit < 0 ? number : number + char.ToUpperInvariant(Units[unit]);
    }
}
