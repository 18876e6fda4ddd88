using System;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Launch;

namespace Anocir.Runtime.HookPrograms;

/// <summary>How a hook ended.</summary>
internal readonly struct HookExit
{
    /// <summary>The hook was killed because its time was up.</summary>
    public bool TimedOut { get; private init; }

    /// <summary><c>exit status N</c> or <c>signal: NAME</c>, as Go says it; null for success.</summary>
    public string? Failure { get; private init; }

    /// <summary>What a hook was doing when its time was up (<c>(process 42, state D, in nfs_wait)</c>); else null.</summary>
    public string? Process { get; private init; }

    /// <summary>Whether SIGKILL did not end it either. The kernel ends it when it lets go of it; nobody waits for that.</summary>
    public bool IsLeft { get; private init; }

    /// <summary>Waits for a child, kills it after these seconds, and reaps it.</summary>
    public static HookExit Wait(int pid, int seconds) => Wait(pid, seconds, ChildEnd.Kill);

    /// <summary>The same with another way to kill and reap: null when the child is still there.</summary>
    internal static HookExit Wait(int pid, int seconds, Func<int, int?> kill)
    {
        if (!Ended(pid, seconds))
        {
            string process = ProcessState.Describe(pid);
            return kill(pid) is null
                ? new HookExit { TimedOut = true, IsLeft = true, Process = ProcessState.Describe(pid) }
                : new HookExit { TimedOut = true, Process = process };
        }

        return new HookExit { Failure = ChildEnd.Wait(pid) is { } status ? Describe(status) : "no exit status " + ProcessState.Describe(pid) };
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
