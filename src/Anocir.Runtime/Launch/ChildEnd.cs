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

    /// <summary>Reaps it once it has ended.</summary>
    public static int? Wait(int pid)
    {
        SysResult ended = Sys.TryWaitStatus(pid, out bool reaped);
        if (reaped || ended.IsError)
        {
            return reaped ? ended.Int : null;
        }

        SysResult opened = Sys.PidfdOpen(pid);
        if (!opened.IsError)
        {
            using var pidfd = new Fd(opened.Int);
            if (Sys.PollInput(pidfd.Number, -1, Milliseconds).Value == 0)
            {
                return null;
            }
        }

        SysResult status = Sys.WaitStatus(pid);
        return status.IsError ? null : status.Int;
    }
}
