using System;

namespace Anocir.Runtime.State;

/// <summary>RFC 3339 in UTC, without culture tables: <c>2026-01-02T03:04:05.1234567Z</c>.</summary>
public static class Timestamp
{
    private const int LengthOfSeconds = 20;
    private const int LengthWithFraction = 28;

    /// <summary>The time with seven digits of fraction (100 ns, the resolution of .NET's clock).</summary>
    public static string WithFraction(DateTime utc) => string.Create(LengthWithFraction, utc, static (text, time) => Fill(text, time));

    /// <summary>The time in whole seconds, as log files have it.</summary>
    public static string Seconds(DateTime utc) => string.Create(LengthOfSeconds, utc, static (text, time) => Fill(text, time));

    private static void Fill(Span<char> text, DateTime time)
    {
        time.Deconstruct(out DateOnly date, out _);
        date.Deconstruct(out int year, out int month, out int day);
        long ticks = time.TimeOfDay.Ticks;
        long seconds = ticks / TimeSpan.TicksPerSecond;
        Digits(text[..4], year);
        text[4] = '-';
        Digits(text.Slice(5, 2), month);
        text[7] = '-';
        Digits(text.Slice(8, 2), day);
        text[10] = 'T';
        Digits(text.Slice(11, 2), seconds / 3600);
        text[13] = ':';
        Digits(text.Slice(14, 2), seconds / 60 % 60);
        text[16] = ':';
        Digits(text.Slice(17, 2), seconds % 60);
        if (text.Length == LengthWithFraction)
        {
            text[19] = '.';
            Digits(text.Slice(20, 7), ticks % TimeSpan.TicksPerSecond);
        }

        text[^1] = 'Z';
    }

    private static void Digits(Span<char> text, long value)
    {
        for (int i = text.Length - 1; i >= 0; i--)
        {
            text[i] = (char)('0' + (value % 10));
            value /= 10;
        }
    }
}
