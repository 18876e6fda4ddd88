using System;
using System.Globalization;
using Anocir.Runtime.Validation;

namespace Anocir.Runtime.Planning;

/// <summary>Lists of CPUs as cpuset(7) writes them: <c>0-3,7</c>.</summary>
public static class CpuList
{
    /// <summary>Bytes of a mask: CPUs 0 to 1023, as glibc's cpu_set_t.</summary>
    public const int MaskSize = 1024 / 8;

    /// <summary>The mask for sched_setaffinity(2).</summary>
    /// <param name="list">Numbers and ranges, separated by commas; at least one.</param>
    /// <param name="property">Where the list comes from, for the message.</param>
    /// <exception cref="Errors.ContainerException"><c>invalid config: PROPERTY: RULE, got VALUE</c>.</exception>
    public static byte[] Mask(string list, string property)
    {
        byte[] mask = new byte[MaskSize];
        ReadOnlySpan<char> text = list.AsSpan().Trim();
        foreach (Range range in text.Split(','))
        {
            ReadOnlySpan<char> part = text[range].Trim();
            int dash = part.IndexOf('-');
            if (!TryParse(dash < 0 ? part : part[..dash], out int first) || !TryParse(dash < 0 ? part : part[(dash + 1)..], out int last) || first > last)
            {
                throw Reject.Value(property, "must be a list of CPUs below 1024 such as 0-3,7", list);
            }

            for (int cpu = first; cpu <= last; cpu++)
            {
                mask[cpu / 8] |= (byte)(1 << (cpu % 8));
            }
        }

        return mask;
    }

    /// <summary>The mask as a number, <c>0x5</c> for CPUs 0 and 2.</summary>
    public static string Hexadecimal(ReadOnlySpan<byte> mask)
    {
        Span<byte> reversed = stackalloc byte[mask.Length];
        mask.CopyTo(reversed);
        reversed.Reverse();
        string digits = Convert.ToHexStringLower(reversed).TrimStart('0');
        return "0x" + (digits.Length == 0 ? "0" : digits);
    }

    private static bool TryParse(ReadOnlySpan<char> text, out int cpu) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out cpu) && cpu < MaskSize * 8;
}
