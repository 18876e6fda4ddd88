using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Anocir.Bench;

/// <summary>Samples by row and runtime, as a table and as JSON.</summary>
internal sealed class Results(IReadOnlyList<Target> targets)
{
    private readonly List<Row> _rows = [];

    public IReadOnlyList<Target> Targets => targets;

    /// <summary>Takes <paramref name="count"/> samples of each runtime, in turn; the first of several is a warm-up.</summary>
    public void Sample(string name, string unit, int count, Func<Target, double> take)
    {
        Console.Error.WriteLine(name);
        var row = new Row(name, unit, new double[targets.Count][]);
        for (int i = 0; i < targets.Count; i++)
        {
            row.Values[i] = new double[count];
            if (count > 1)
            {
                take(targets[i]);
            }
        }

        for (int sample = 0; sample < count; sample++)
        {
            for (int i = 0; i < targets.Count; i++)
            {
                int target = (sample + i) % targets.Count; // nobody always comes first
                row.Values[target][sample] = take(targets[target]);
            }
        }

        foreach (double[] values in row.Values)
        {
            Array.Sort(values);
        }

        _rows.Add(row);
    }

    /// <summary>Medians, and the first runtime as a multiple of each other one.</summary>
    public string Table()
    {
        var text = new StringBuilder();
        text.Append(Pad("median", 52));
        foreach (Target target in targets)
        {
            text.Append(Pad(target.Name, -14));
        }

        for (int i = 1; i < targets.Count; i++)
        {
            text.Append(Pad(targets[0].Name + "/" + targets[i].Name, -14));
        }

        text.Append('\n');
        foreach (Row row in _rows)
        {
            text.Append(Pad(row.Name, 52));
            foreach (double[] values in row.Values)
            {
                text.Append(Pad(Number(Median(values)) + " " + row.Unit, -14));
            }

            for (int i = 1; i < targets.Count; i++)
            {
                text.Append(Pad((Median(row.Values[0]) / Median(row.Values[i])).ToString("0.00", CultureInfo.InvariantCulture), -14));
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Minimum, median, 90th percentile and count of every row and runtime.</summary>
    public string Json()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartArray();
            foreach (Row row in _rows)
            {
                json.WriteStartObject();
                json.WriteString("row", row.Name);
                json.WriteString("unit", row.Unit);
                for (int i = 0; i < targets.Count; i++)
                {
                    double[] values = row.Values[i];
                    json.WriteStartObject(targets[i].Name);
                    json.WriteNumber("min", Math.Round(values[0], 4));
                    json.WriteNumber("median", Math.Round(Median(values), 4));
                    json.WriteNumber("p90", Math.Round(values[(values.Length * 9) / 10 == values.Length ? values.Length - 1 : values.Length * 9 / 10], 4));
                    json.WriteNumber("samples", values.Length);
                    json.WriteEndObject();
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    /// <summary>The median of unsorted values, which are sorted by it.</summary>
    public static double MedianOf(double[] values)
    {
        Array.Sort(values);
        return Median(values);
    }

    private static double Median(double[] sorted) =>
        sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;

    private static string Number(double value) => value.ToString(value < 100 ? "0.00" : "0", CultureInfo.InvariantCulture);

    private static string Pad(string text, int width) => width > 0 ? text.PadRight(width) : text.PadLeft(-width);

    private sealed record Row(string Name, string Unit, double[][] Values);
}
