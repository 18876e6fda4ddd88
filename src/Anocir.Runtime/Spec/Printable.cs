using System.Globalization;
using System.Text;

namespace Anocir.Runtime.Spec;

/// <summary>Makes text from config.json safe for one line on a terminal.</summary>
internal static class Printable
{
    /// <summary>
    /// The text with control characters, line separators, format characters (which can reorder a line) and lone surrogates
    /// written as <c>\n</c> or <c>\uXXXX</c>.
    /// </summary>
    public static string Escape(string text)
    {
        StringBuilder? result = null;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            bool pair = char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            bool plain = pair || char.GetUnicodeCategory(c) is not (UnicodeCategory.Control or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Format or UnicodeCategory.Surrogate);
            if (!plain && result is null)
            {
                result = new StringBuilder(text, 0, i, text.Length + 16);
            }

            if (result is not null)
            {
                _ = plain ? result.Append(c) : result.Append(Escaped(c));
            }

            if (pair)
            {
                result?.Append(text[i + 1]);
                i++;
            }
        }

        return result is null ? text : result.ToString();
    }

    private static string Escaped(char c) => c switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        _ => "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture),
    };

    /// <summary>The text escaped and cut after 120 characters: what a message shows of a value.</summary>
    public static string Shorten(string text)
    {
        const int Shown = 120;
        return Escape(text.Length <= Shown ? text : text[..Shown] + "…");
    }

    /// <summary>The shortened text in double quotes.</summary>
    public static string Quote(string text) => "\"" + Shorten(text) + "\"";
}
