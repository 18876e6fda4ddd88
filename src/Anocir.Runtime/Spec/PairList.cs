using System;
using System.Collections.Generic;

namespace Anocir.Runtime.Spec;

/// <summary>Maps of config.json, kept as pairs in the order of the file.</summary>
internal static class PairList
{
    // Up to here comparing all pairs is cheaper than hashing; beyond, quadratic time would be an attack.
    private const int SmallCount = 16;

    /// <summary>
    /// The first <paramref name="count"/> pairs without repeated keys: the first keeps its place and gets the last value, as
    /// in every JSON library that fills a map.
    /// </summary>
    public static KeyValuePair<string, T>[] WithoutDuplicates<T>(KeyValuePair<string, T>[] items, int count)
    {
        int kept = count <= SmallCount ? CompactSmall(items, count) : CompactLarge(items, count);
        if (kept != items.Length)
        {
            Array.Resize(ref items, kept);
        }

        return items;
    }

    private static int CompactSmall<T>(KeyValuePair<string, T>[] items, int count)
    {
        int kept = 0;
        for (int i = 0; i < count; i++)
        {
            int place = 0;
            while (place < kept && items[place].Key != items[i].Key)
            {
                place++;
            }

            items[place] = items[i];
            kept = Math.Max(kept, place + 1);
        }

        return kept;
    }

    private static int CompactLarge<T>(KeyValuePair<string, T>[] items, int count)
    {
        var places = new Dictionary<string, int>(count, StringComparer.Ordinal);
        int kept = 0;
        for (int i = 0; i < count; i++)
        {
            if (!places.TryGetValue(items[i].Key, out int place))
            {
                place = kept++;
                places.Add(items[i].Key, place);
            }

            items[place] = items[i];
        }

        return kept;
    }
}
