using System;
using System.Diagnostics;

namespace Anocir.Integration.Tests.Fixture;

/// <summary>Waiting for something that nothing announces. Never a fixed time: a condition, and a limit at which the test fails.</summary>
internal static unsafe class Deadline
{
    /// <summary>Generous: a loaded machine must not fail a test, a hanging program must not hang it for ever.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(60);

    /// <summary>Looks again every millisecond until the condition holds; throws with <paramref name="what"/> when time is up.</summary>
    public static void WaitFor(Func<bool> condition, string what, TimeSpan? limit = null)
    {
        if (!TryWaitFor(condition, limit ?? Default))
        {
            throw new TimeoutException($"waited {(limit ?? Default).TotalSeconds} s for: {what}");
        }
    }

    /// <summary>The same, false when time is up.</summary>
    public static bool TryWaitFor(Func<bool> condition, TimeSpan limit)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(start) > limit)
            {
                return false;
            }

            _ = Native.poll(null, 0, 1);
        }

        return true;
    }
}
