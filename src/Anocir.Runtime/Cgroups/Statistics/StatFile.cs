using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Anocir.Linux;
using Anocir.Runtime.Errors;

namespace Anocir.Runtime.Cgroups.Statistics;

/// <summary>Reads the formats of cgroup files. A file that is not there is no error: kernels and controllers differ.</summary>
internal static class StatFile
{
    /// <summary>The content, or null when there is no such file (or the kernel does not support reading it).</summary>
    /// <exception cref="ContainerException">It is there and cannot be read.</exception>
    public static string? Text(string? directory, string file)
    {
        if (directory is null)
        {
            return null;
        }

        SysResult read = CgroupFile.TryReadAll(directory + "/" + file, out byte[] content);
        if (!read.IsError)
        {
            return Encoding.UTF8.GetString(content);
        }

        return read.Errno is Errno.ENOENT or Errno.ENODEV or Errno.EOPNOTSUPP or Errno.EINVAL
            ? null
            : throw ContainerException.System("read", directory + "/" + file, read.Errno);
    }

    /// <summary>A file with one number; <c>max</c> is <see cref="CgroupStatistics.Unlimited"/>, a missing file null.</summary>
    public static ulong? Number(string? directory, string file) => Text(directory, file) is { } text ? Parse(text.AsSpan().Trim()) : null;

    /// <summary>A number of a file, <c>max</c>, or a negative one (v1's -1), which counts as 0.</summary>
    public static ulong Parse(ReadOnlySpan<char> text) =>
        text is "max" ? CgroupStatistics.Unlimited
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value) ? value : 0;

    /// <summary>Lines of <c>KEY VALUE</c>.</summary>
    public static IEnumerable<KeyValuePair<string, ulong>> Pairs(string text)
    {
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            int space = line.IndexOf(' ', StringComparison.Ordinal);
            if (space > 0)
            {
                yield return new(line[..space], Parse(line.AsSpan(space + 1).Trim()));
            }
        }
    }

    /// <summary>Numbers separated by white space.</summary>
    public static ulong[] Numbers(string text)
    {
        string[] words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return System.Array.ConvertAll(words, static word => Parse(word));
    }

    /// <summary>The numbers of a list such as <c>0-3,7</c>.</summary>
    public static ushort[] List(string text)
    {
        var numbers = new List<ushort>();
        foreach (string part in text.Trim().Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            int dash = part.IndexOf('-', StringComparison.Ordinal);
            ulong first = Parse(dash < 0 ? part : part.AsSpan(0, dash));
            ulong last = dash < 0 ? first : Parse(part.AsSpan(dash + 1));
            for (ulong i = first; i <= last && i <= ushort.MaxValue; i++)
            {
                numbers.Add((ushort)i);
            }
        }

        return [.. numbers];
    }

    /// <summary>A .pressure file; null when there is none.</summary>
    public static Pressure? Pressure(string? directory, string file)
    {
        if (Text(directory, file) is not { } text)
        {
            return null;
        }

        PressureLine some = default;
        PressureLine full = default;
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("some ", StringComparison.Ordinal))
            {
                some = Line(line);
            }
            else if (line.StartsWith("full ", StringComparison.Ordinal))
            {
                full = Line(line);
            }
        }

        return new Pressure(some, full);
    }

    private static PressureLine Line(string line)
    {
        double avg10 = 0;
        double avg60 = 0;
        double avg300 = 0;
        ulong total = 0;
        foreach (string word in line.Split(' '))
        {
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            ReadOnlySpan<char> value = word.AsSpan(equals + 1);
            switch (equals < 0 ? "" : word[..equals])
            {
                case "avg10":
                    avg10 = Fraction(value);
                    break;
                case "avg60":
                    avg60 = Fraction(value);
                    break;
                case "avg300":
                    avg300 = Fraction(value);
                    break;
                case "total":
                    total = Parse(value);
                    break;
            }
        }

        return new PressureLine(avg10, avg60, avg300, total);
    }

    private static double Fraction(ReadOnlySpan<char> text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) ? value : 0;
}
