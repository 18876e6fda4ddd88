using System;
using System.Globalization;
using System.Numerics;

namespace Anocir.Runtime.Spec;

/// <summary>Lists of numbers as the kernel writes them for CPUs and memory nodes: <c>0-3,7</c> (cpuset(7), "List format").</summary>
internal static class NumberList
{
    /// <summary>
    /// The numbers as bits, in as many 64-bit words as the highest needs; an empty list gives none. False for another syntax, a range
    /// that runs backwards, and a number above <paramref name="max"/>.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> list, int max, out ulong[] bits)
    {
        bits = [];
        list = list.Trim();
        if (list.IsEmpty)
        {
            return true;
        }

        foreach (Range range in list.Split(','))
        {
            ReadOnlySpan<char> part = list[range].Trim();
            int dash = part.IndexOf('-');
            ReadOnlySpan<char> first = dash < 0 ? part : part[..dash];
            ReadOnlySpan<char> last = dash < 0 ? part : part[(dash + 1)..];
            if (!int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out int from)
                || !int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out int to)
                || from > to || to > max)
            {
                return false;
            }

            if (bits.Length <= to / 64)
            {
                Array.Resize(ref bits, (to / 64) + 1);
            }

            for (int i = from; i <= to; i++)
            {
                bits[i / 64] |= 1ul << (i % 64);
            }
        }

        return true;
    }

    /// <summary>How many numbers are in the list.</summary>
    public static int Count(ulong[] bits)
    {
        int count = 0;
        foreach (ulong word in bits)
        {
            count += BitOperations.PopCount(word);
        }

        return count;
    }
}
