using System;

namespace Anocir.Runtime.Spec;

/// <summary>
/// A table of names as one string with a space between them: constant data without initialisation, searched in order.
/// </summary>
internal static class WordList
{
    /// <summary>Position of a word, or -1.</summary>
    public static int IndexOf(string list, ReadOnlySpan<char> word)
    {
        ReadOnlySpan<char> rest = list;
        for (int i = 0; !rest.IsEmpty; i++)
        {
            if (Next(ref rest).SequenceEqual(word))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Whether a word is in the list.</summary>
    public static bool Contains(string list, ReadOnlySpan<char> word) => IndexOf(list, word) >= 0;

    /// <summary>Takes the first word off the list.</summary>
    public static ReadOnlySpan<char> Next(ref ReadOnlySpan<char> rest)
    {
        int end = rest.IndexOf(' ');
        ReadOnlySpan<char> word = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return word;
    }
}
