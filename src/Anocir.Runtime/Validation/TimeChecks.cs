using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Validation;

/// <summary>config-linux.md "Offset for Time Namespace", time_namespaces(7).</summary>
internal static class TimeChecks
{
    private const uint NanosecondsPerSecond = 1_000_000_000;

    public static void Check(LinuxConfig linux)
    {
        if (linux.TimeOffsets is not { } offsets || (offsets.Monotonic is null && offsets.Boottime is null))
        {
            return;
        }

        switch (linux.FindNamespace(NamespaceType.Time))
        {
            case null:
                throw Reject.Rule(
                    "linux.timeOffsets", "time namespace offsets specified, but time namespace isn't enabled in the config");
            case { Path: not null }:
                throw Reject.Rule(
                    "linux.timeOffsets",
                    "time namespace enabled, but both namespace path and time offsets specified -- you may only provide one");
        }

        CheckClock("linux.timeOffsets.monotonic.nanosecs", offsets.Monotonic);
        CheckClock("linux.timeOffsets.boottime.nanosecs", offsets.Boottime);
    }

    private static void CheckClock(string path, TimeOffset? offset)
    {
        if (offset is { Nanosecs: >= NanosecondsPerSecond })
        {
            throw Reject.Number(path, "must be below 1000000000", offset.Nanosecs);
        }
    }
}
