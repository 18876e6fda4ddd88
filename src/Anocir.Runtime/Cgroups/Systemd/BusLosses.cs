using System;
using System.Threading;

namespace Anocir.Runtime.Cgroups.Systemd;

/// <summary>
/// How often one call is made anew: a bus that hung up may have been restarted, once or some times; a systemd that left the bus is executing
/// itself anew (<c>systemctl daemon-reexec</c>), which takes a moment.
/// </summary>
/// <param name="most">Lost connections that are put up with.</param>
internal sealed class BusLosses(int most)
{
    private const int AwayMilliseconds = 15_000;
    private const int PauseMilliseconds = 50;
    private long _awayUntil;
    private int _closed;

    /// <summary>
    /// What a bus answers in the place of one that left it: the answer will not come, or it could not be started (systemd's activation file
    /// names /bin/false).
    /// </summary>
    public static bool IsAway(string errorName) =>
        errorName.EndsWith(".NoReply", StringComparison.Ordinal) || errorName.Contains(".Spawn.", StringComparison.Ordinal);

    /// <summary>Counts a loss, and waits a little for a systemd that is away; false when it was the last that is put up with.</summary>
    public bool MayRetry(DbusClosedException loss)
    {
        if (!loss.IsAway)
        {
            return ++_closed <= most;
        }

        long now = Environment.TickCount64;
        _awayUntil = _awayUntil == 0 ? now + AwayMilliseconds : _awayUntil;
        if (now >= _awayUntil)
        {
            return false;
        }

#pragma warning disable RS0030 // the bus would announce the return only to those who watch a name, and is asked at most 300 times
        Thread.Sleep(PauseMilliseconds);
#pragma warning restore RS0030
        return true;
    }
}
