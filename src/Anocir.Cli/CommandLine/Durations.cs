using System;
using System.Globalization;
using Anocir.Runtime.Errors;

namespace Anocir.Cli.CommandLine;

/// <summary>Durations as Go writes them, which go-runc passes on: <c>100ms</c>, <c>1.5s</c>, <c>1m30s</c>.</summary>
internal static class Durations
{
    /// <summary>The value of --interval in milliseconds, at least 1.</summary>
    /// <exception cref="ContainerException">It is no duration, or not above 0.</exception>
    public static int ParseInterval(string text)
    {
        if (!TryParse(text, out double milliseconds))
        {
            throw new ContainerException($"option --interval: invalid duration \"{text}\": must be numbers with units, such as 100ms, 1.5s or 1m30s");
        }

        return milliseconds <= 0
            ? throw new ContainerException("option --interval: duration interval must be greater than 0")
            : (int)Math.Clamp(milliseconds, 1, int.MaxValue);
    }

    /// <summary>Milliseconds of a duration.</summary>
    public static bool TryParse(string text, out double milliseconds)
    {
        milliseconds = 0;
        double sign = text.StartsWith('-') ? -1 : 1;
        ReadOnlySpan<char> rest = text.AsSpan(text.Length > 0 && text[0] is '-' or '+' ? 1 : 0);
        if (rest is "0")
        {
            return true;
        }

        if (rest.IsEmpty)
        {
            return false;
        }

        while (!rest.IsEmpty)
        {
            int digits = rest.IndexOfAnyExceptInRange('.', '9'); // '.', '/', digits; the parse below refuses the slash
            if (digits <= 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number))
            {
                return false;
            }

            rest = rest[digits..];
            int letters = 0;
            while (letters < rest.Length && !char.IsAsciiDigit(rest[letters]) && rest[letters] != '.')
            {
                letters++;
            }

            double unit = rest[..letters] switch
            {
                "ns" => 1e-6,
                "us" or "µs" or "μs" => 1e-3,
                "ms" => 1,
                "s" => 1e3,
                "m" => 60e3,
                "h" => 3600e3,
                _ => 0,
            };
            if (unit == 0)
            {
                return false;
            }

            milliseconds += sign * number * unit;
            rest = rest[letters..];
        }

        return true;
    }
}
