using System;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Lifecycle;

namespace Anocir.Runtime.HookPrograms;

/// <summary>How a hook ended.</summary>
internal readonly struct HookExit
{
    /// <summary>The hook was killed because its time was up.</summary>
    public bool TimedOut { get; private init; }

    /// <summary><c>exit status N</c> or <c>signal: NAME</c>, as Go says it; null for success.</summary>
    public string? Failure { get; private init; }

    /// <summary>Waits for a child, kills it after <paramref name="timeout"/> seconds (null: never), and reaps it.</summary>
    public static HookExit Wait(int pid, int? timeout)
    {
        if (timeout is { } seconds && !Ended(pid, seconds))
        {
            _ = Sys.Kill(pid, SignalName.Kill); // not reaped yet, so the PID is still the hook's
            _ = Sys.WaitStatus(pid);
            return new HookExit { TimedOut = true };
        }

        SysResult result = Sys.WaitStatus(pid);
        return new HookExit { Failure = result.IsError ? ErrnoText.Describe(result.Errno) : Describe(result.Int) };
    }

    private static bool Ended(int pid, int seconds)
    {
        SysResult opened = Sys.PidfdOpen(pid);
        if (opened.IsError)
        {
            // No descriptor left to watch it with: rather stop the hook than let it run without its limit.
            return false;
        }

        using var pidfd = new Fd(opened.Int);
        long end = Environment.TickCount64 + (seconds * 1000L);
        while (true)
        {
            long left = Math.Clamp(end - Environment.TickCount64, 0, int.MaxValue);
            SysResult ready = Sys.PollInput(pidfd.Number, -1, (int)left);
            if (ready.IsError || ready.Int != 0)
            {
                return !ready.IsError;
            }

            if (Environment.TickCount64 >= end)
            {
                return false;
            }
        }
    }

    private static string? Describe(int status) => status == 0 ? null : WaitStatusText.Describe(status);
}
