using System;
using Anocir.Linux;

namespace Anocir.Runtime.Launch;

/// <summary>Ends a child of this process, but does not wait for ever: one that hangs in the kernel dies when that lets go of it.</summary>
internal static class ChildEnd
{
    private const int Milliseconds = 10_000;

    /// <summary>SIGKILL, then reaps it; its wait status, or null when it is not our child or is still there after ten seconds.</summary>
    public static int? Kill(int pid)
    {
        _ = Sys.Kill(pid, 9); // our own child, not reaped yet: the PID is its own
        return Wait(pid);
    }

    /// <summary>Reaps it once it has ended; null as above.</summary>
    public static int? Wait(int pid, int milliseconds = Milliseconds)
    {
        const int Often = 10;
        long end = Environment.TickCount64 + milliseconds;
        SysResult status = Sys.TryWaitStatus(pid, out bool reaped);
        if (!reaped && !status.IsError)
        {
            SysResult opened = Sys.PidfdOpen(pid);
            using (var pidfd = new Fd(opened.IsError ? -1 : opened.Int))
            {
                _ = Sys.PollInput(pidfd.Number, -1, pidfd.IsOpen ? milliseconds : 0);
            }

            // Without a descriptor left for a pidfd, or where a tracer is told of the end first, nothing announces that it can be reaped.
            status = Sys.TryWaitStatus(pid, out reaped);
            while (!reaped && !status.IsError && Environment.TickCount64 < end)
            {
                _ = Sys.PollInput(-1, -1, Often);
                status = Sys.TryWaitStatus(pid, out reaped);
            }
        }

        return reaped ? status.Int : null;
    }
}
