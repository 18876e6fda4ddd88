using Anocir.Runtime.Spec;

namespace Anocir.Runtime.SeccompFilters;

/// <summary>Return values of a filter (seccomp(2), SECCOMP_RET_*) by their names in config.json.</summary>
internal static class SeccompAction
{
    public const uint KillThread = 0;
    public const uint Errno = 0x00050000;
    public const uint Allow = 0x7fff0000;
    public const uint Notify = 0x7fc00000;

    private const uint KillProcess = 0x80000000;
    private const uint Trap = 0x00030000;
    private const uint Trace = 0x7ff00000;
    private const uint Log = 0x7ffc0000;
    private const uint ActionMask = 0xffff0000;

    /// <summary>errno of ERRNO and data of TRACE when config.json gives none: EPERM, as with runc.</summary>
    private const uint DefaultData = (uint)Linux.Errno.EPERM;

    /// <summary>The return value; false for an unknown name. Only ERRNO and TRACE carry the data.</summary>
    public static bool TryParse(string name, uint? data, out uint action)
    {
        uint low = (data ?? DefaultData) & 0xffff;
        (bool known, action) = name switch
        {
            "SCMP_ACT_KILL" or "SCMP_ACT_KILL_THREAD" => (true, KillThread),
            "SCMP_ACT_KILL_PROCESS" => (true, KillProcess),
            "SCMP_ACT_TRAP" => (true, Trap),
            "SCMP_ACT_ERRNO" => (true, Errno | low),
            "SCMP_ACT_TRACE" => (true, Trace | low),
            "SCMP_ACT_ALLOW" => (true, Allow),
            "SCMP_ACT_LOG" => (true, Log),
            SeccompNames.Notify => (true, Notify),
            _ => (false, 0u),
        };
        return known;
    }

    /// <summary>
    /// Whether a call with this action runs: it needs no -ENOSYS when the profile does not know it (a tracer decides itself).
    /// </summary>
    public static bool LetsThrough(uint action) => (action & ActionMask) is Allow or Log or Trace;
}
