namespace Anocir.Runtime.Spec;

/// <summary>
/// The words of <c>process.scheduler</c> and <c>process.ioPriority</c> (config.md), as <see cref="WordList"/>s in the order of the
/// kernel's numbers (linux/sched.h, linux/ioprio.h).
/// </summary>
internal static class SchedulerNames
{
    /// <summary>Policies from 0 on.</summary>
    public const string Policies = "SCHED_OTHER SCHED_FIFO SCHED_RR SCHED_BATCH SCHED_ISO SCHED_IDLE SCHED_DEADLINE";

    /// <summary>Flags, from bit 0 on.</summary>
    public const string Flags =
        "SCHED_FLAG_RESET_ON_FORK SCHED_FLAG_RECLAIM SCHED_FLAG_DL_OVERRUN SCHED_FLAG_KEEP_POLICY SCHED_FLAG_KEEP_PARAMS " +
        "SCHED_FLAG_UTIL_CLAMP_MIN SCHED_FLAG_UTIL_CLAMP_MAX";

    /// <summary>Classes from 1 on; 0 means none.</summary>
    public const string IoClasses = "IOPRIO_CLASS_RT IOPRIO_CLASS_BE IOPRIO_CLASS_IDLE";
}
