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

    /// <summary>
    /// What a hook does that SIGKILL did not end (<c>(process 42, state D, in nfs_wait)</c>); null when it is gone. The kernel ends it when it
    /// lets go of it; nobody waits for that.
    /// </summary>
    public string? Left { get; private init; }

    /// <summary>Waits for a child, kills it after <paramref name="timeout"/> seconds (null: never), and reaps it.</summary>
    public static HookExit Wait(int pid, int? timeout) => Wait(pid, timeout, ChildEnd.Kill);

    /// <summary>The same with another way to kill and reap: null when the child is still there.</summary>
    internal static HookExit Wait(int pid, int? timeout, Func<int, int?> kill)
    {
        if (timeout is not { } seconds)
        {
            SysResult result = Sys.WaitStatus(pid);
            return new HookExit { Failure = result.IsError ? ErrnoText.Describe(result.Errno) : Describe(result.Int) };
        }

        if (!Ended(pid, seconds))
        {
            return new HookExit { TimedOut = true, Left = kill(pid) is null ? ProcessState.Describe(pid) : null };
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
