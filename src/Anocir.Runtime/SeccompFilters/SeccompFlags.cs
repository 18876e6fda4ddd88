using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.SeccompFilters;

/// <summary>Flags of seccomp(2) by their names in config.json.</summary>
internal static class SeccompFlags
{
    /// <summary>The flags; a list that is absent means SPEC_ALLOW, as with runc, an empty one none.</summary>
    public static uint Parse(string[]? names)
    {
        if (names is null)
        {
            return SeccompProgram.FlagSpecAllow;
        }

        uint flags = 0;
        for (int i = 0; i < names.Length; i++)
        {
            flags |= names[i] switch
            {
                // One thread loads the filter, so there is nothing to synchronise.
                "SECCOMP_FILTER_FLAG_TSYNC" => 0,
                "SECCOMP_FILTER_FLAG_LOG" => SeccompProgram.FlagLog,
                "SECCOMP_FILTER_FLAG_SPEC_ALLOW" => SeccompProgram.FlagSpecAllow,
                "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV" => throw ContainerException.Config(
                    $"linux.seccomp.flags[{i}]", "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV needs a rule with SCMP_ACT_NOTIFY"),
                _ => throw ContainerException.Config(
                    $"linux.seccomp.flags[{i}]", $"not a valid flag for seccomp, got {Printable.Quote(names[i])}"),
            };
        }

        return flags;
    }
}
