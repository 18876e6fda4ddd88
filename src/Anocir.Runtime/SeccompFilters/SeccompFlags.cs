using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.SeccompFilters;

/// <summary>Flags of seccomp(2) by their names in config.json.</summary>
internal static class SeccompFlags
{
    /// <summary>The flags; a list that is absent means SPEC_ALLOW, as with runc, an empty one none.</summary>
    /// <param name="names">linux.seccomp.flags.</param>
    /// <param name="listener">Whether a rule hands calls to a listener.</param>
    public static uint Parse(string[]? names, bool listener)
    {
        uint flags = listener ? SeccompProgram.FlagNewListener : 0;
        if (names is null)
        {
            return flags | SeccompProgram.FlagSpecAllow;
        }

        for (int i = 0; i < names.Length; i++)
        {
            flags |= names[i] switch
            {
                // One thread loads the filter, so there is nothing to synchronise.
                "SECCOMP_FILTER_FLAG_TSYNC" => 0,
                "SECCOMP_FILTER_FLAG_LOG" => SeccompProgram.FlagLog,
                "SECCOMP_FILTER_FLAG_SPEC_ALLOW" => SeccompProgram.FlagSpecAllow,
                "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV" when listener => SeccompProgram.FlagWaitKillable,
                "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV" => throw ContainerException.Config(
                    $"linux.seccomp.flags[{i}]", "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV needs a rule with SCMP_ACT_NOTIFY"),
                _ => throw ContainerException.Config(
                    $"linux.seccomp.flags[{i}]", $"not a valid flag for seccomp, got {Printable.Quote(names[i])}"),
            };
        }

        return flags;
    }

    /// <summary>Flags to ask the kernel about one of the names with; one that needs a listener goes with that.</summary>
    public static uint Probe(string name) => name switch
    {
        "SECCOMP_FILTER_FLAG_TSYNC" => 1,
        "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV" => SeccompProgram.FlagWaitKillable | SeccompProgram.FlagNewListener,
        _ => Parse([name], listener: false),
    };
}
