using System;
using System.Globalization;
using Anocir.Runtime.Errors;

namespace Anocir.Runtime.Lifecycle;

/// <summary>Signals by name and number (signal(7); x86-64 and arm64 agree).</summary>
public static class SignalName
{
    /// <summary>SIGKILL.</summary>
    public const int Kill = 9;

    /// <summary>SIGTERM.</summary>
    public const int Term = 15;

    // The kernel's first one is 32, but C libraries keep two for themselves: users and images count from theirs.
    private const int RealTimeMin = 34;
    private const int RealTimeMax = 64;

    /// <summary>The number of <paramref name="text"/>: 0 to 64, or a name with or without SIG, in any case, <c>RTMIN</c>, <c>RTMIN+n</c>,
    /// <c>RTMAX-n</c>. Throws with runc's phrase.</summary>
    public static int Parse(string text) =>
        TryParse(text, out int signal) ? signal : throw new ContainerException($"unknown signal \"{text}\"");

    /// <summary>Whether <paramref name="text"/> is a signal.</summary>
    public static bool TryParse(string text, out int signal)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out signal))
        {
            return signal <= RealTimeMax;
        }

        ReadOnlySpan<char> name = text;
        if (name.StartsWith("SIG", StringComparison.OrdinalIgnoreCase))
        {
            name = name[3..];
        }

        signal = RealTime(name);
        if (signal < 0)
        {
            signal = Number(name.ToString().ToUpperInvariant());
        }

        return signal > 0;
    }

    private static int RealTime(ReadOnlySpan<char> name)
    {
        const int NameLength = 5;
        int sign = name.StartsWith("RTMIN", StringComparison.OrdinalIgnoreCase) ? 1
            : name.StartsWith("RTMAX", StringComparison.OrdinalIgnoreCase) ? -1 : 0;
        if (sign == 0)
        {
            return -1;
        }

        ReadOnlySpan<char> rest = name[NameLength..];
        int offset = 0;
        bool isValid = rest.Length == 0
            || (rest[0] == (sign > 0 ? '+' : '-') && int.TryParse(rest[1..], NumberStyles.None, CultureInfo.InvariantCulture, out offset));
        return isValid && offset <= RealTimeMax - RealTimeMin ? (sign > 0 ? RealTimeMin + offset : RealTimeMax - offset) : 0;
    }

    private static int Number(string name) => name switch
    {
        "HUP" => 1,
        "INT" => 2,
        "QUIT" => 3,
        "ILL" => 4,
        "TRAP" => 5,
        "ABRT" or "IOT" => 6,
        "BUS" => 7,
        "FPE" => 8,
        "KILL" => Kill,
        "USR1" => 10,
        "SEGV" => 11,
        "USR2" => 12,
        "PIPE" => 13,
        "ALRM" => 14,
        "TERM" => Term,
        "STKFLT" => 16,
        "CHLD" or "CLD" => 17,
        "CONT" => 18,
        "STOP" => 19,
        "TSTP" => 20,
        "TTIN" => 21,
        "TTOU" => 22,
        "URG" => 23,
        "XCPU" => 24,
        "XFSZ" => 25,
        "VTALRM" => 26,
        "PROF" => 27,
        "WINCH" => 28,
        "IO" or "POLL" => 29,
        "PWR" => 30,
        "SYS" => 31,
        _ => 0,
    };
}
