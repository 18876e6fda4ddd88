namespace Anocir.Runtime.SeccompFilters;

/// <summary>A compiled filter.</summary>
/// <param name="Program">struct sock_filter[], to be given to seccomp(2); empty when there is nothing to load.</param>
/// <param name="Flags">SECCOMP_FILTER_FLAG_* of seccomp(2).</param>
public readonly record struct SeccompProgram(byte[] Program, uint Flags)
{
    /// <summary>Most instructions that the kernel takes (BPF_MAXINSNS of linux/bpf_common.h).</summary>
    public const int MaxInstructions = 4096;

    /// <summary>SECCOMP_FILTER_FLAG_NEW_LISTENER: seccomp(2) returns a descriptor on which calls are handed over (SCMP_ACT_NOTIFY).</summary>
    public const uint FlagNewListener = 8;

    /// <summary>SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (Linux 5.19): a caller whose call was taken waits for the answer, only a fatal signal ends that.</summary>
    public const uint FlagWaitKillable = 32;

    /// <summary>Whether loading the filter makes a listener.</summary>
    public bool HasListener => (Flags & FlagNewListener) != 0;

    /// <summary>SECCOMP_FILTER_FLAG_LOG: actions other than allow are logged.</summary>
    public const uint FlagLog = 2;

    /// <summary>SECCOMP_FILTER_FLAG_SPEC_ALLOW: no speculative store bypass mitigation because of this filter.</summary>
    public const uint FlagSpecAllow = 4;
}
