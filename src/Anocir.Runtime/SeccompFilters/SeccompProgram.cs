namespace Anocir.Runtime.SeccompFilters;

/// <summary>A compiled filter.</summary>
/// <param name="Program">struct sock_filter[], to be given to seccomp(2); empty when there is nothing to load.</param>
/// <param name="Flags">SECCOMP_FILTER_FLAG_* of seccomp(2).</param>
public readonly record struct SeccompProgram(byte[] Program, uint Flags)
{
    /// <summary>Most instructions that the kernel takes (BPF_MAXINSNS of linux/bpf_common.h).</summary>
    public const int MaxInstructions = 4096;

    /// <summary>SECCOMP_FILTER_FLAG_LOG: actions other than allow are logged.</summary>
    public const uint FlagLog = 2;

    /// <summary>SECCOMP_FILTER_FLAG_SPEC_ALLOW: no speculative store bypass mitigation because of this filter.</summary>
    public const uint FlagSpecAllow = 4;
}
