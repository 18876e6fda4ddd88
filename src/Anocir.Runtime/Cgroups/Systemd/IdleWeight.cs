using System.Collections.Generic;
using Anocir.Runtime.Cgroups.Limits;

namespace Anocir.Runtime.Cgroups.Systemd;

/// <summary>
/// cpu.idle and cpu.weight of one cgroup exclude each other: the kernel refuses a weight while cpu.idle is 1 (kernel/sched/fair.c,
/// sched_group_set_shares), and systemd has one property for both, since version 252: CPUWeight, which is "idle" or a weight.
/// </summary>
public static class IdleWeight
{
    private const string Idle = "cpu.idle", Weight = "cpu.weight";

    /// <summary>What is told when both are asked for, as runc tells it.</summary>
    public const string Warning = "unable to apply both cpu.weight and cpu.idle to systemd, ignoring cpu.weight";

    /// <summary>Makes writes that can succeed: no weight when the cgroup becomes idle, and no idleness any more when it gets a weight, which is what systemd does.</summary>
    /// <param name="writes">Changed in place.</param>
    /// <param name="isIdle">Whether cpu.idle is 1 now; asked only when that decides.</param>
    /// <returns>Whether a weight was left out.</returns>
    public static bool Settle(List<LimitWrite> writes, System.Func<bool> isIdle)
    {
        int idle = writes.FindLastIndex(static write => write.File == Idle), weight = writes.FindIndex(static write => write.File == Weight);
        if (weight < 0)
        {
            return false;
        }

        if (idle >= 0 && writes[idle].Value == "1")
        {
            _ = writes.RemoveAll(static write => write.File == Weight);
            return true;
        }

        if (idle < 0 && isIdle())
        {
            writes.Insert(weight, new LimitWrite(writes[weight].Controller, Idle, "0", writes[weight].Property));
        }

        return false;
    }
}
