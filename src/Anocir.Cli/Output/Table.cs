using System;
using System.Collections.Generic;
using System.Text;
using Anocir.Runtime.Logging;

namespace Anocir.Cli.Output;

/// <summary>A table for a terminal with the column widths of runc's: at least 12, three spaces between, the last column ragged.</summary>
internal static class Table
{
    private const int MinWidth = 12;
    private const int Padding = 3;

    /// <summary>The rows as lines; every row has as many cells as the first.</summary>
    public static string Format(List<string[]> rows)
    {
        // Cells may be an image's words: no control character reaches the terminal, no line is forged.
        rows = rows.ConvertAll(static row => Array.ConvertAll(row, LogLine.Printable));
        int columns = rows[0].Length;
        var text = new StringBuilder();
        Span<int> widths = stackalloc int[columns];
        widths.Fill(MinWidth);
        foreach (string[] row in rows)
        {
            for (int i = 0; i < columns - 1; i++)
            {
                widths[i] = Math.Max(widths[i], row[i].Length + Padding);
            }
        }

        foreach (string[] row in rows)
        {
            for (int i = 0; i < columns - 1; i++)
            {
                text.Append(row[i].PadRight(widths[i]));
            }

            text.Append(row[columns - 1]).Append('\n');
        }

        return text.ToString();
    }
}
