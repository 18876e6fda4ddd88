namespace Anocir.Runtime.Spec;

/// <summary>The names that <c>linux.seccomp</c> may hold (config-linux.md, "Seccomp"), as sorted <see cref="WordList"/>s.</summary>
internal static class SeccompNames
{
    /// <summary>The action that hands a call to a listener.</summary>
    public const string Notify = "SCMP_ACT_NOTIFY";

    /// <summary>Actions.</summary>
    public const string Actions =
        "SCMP_ACT_ALLOW SCMP_ACT_ERRNO SCMP_ACT_KILL SCMP_ACT_KILL_PROCESS SCMP_ACT_KILL_THREAD SCMP_ACT_LOG SCMP_ACT_NOTIFY " +
        "SCMP_ACT_TRACE SCMP_ACT_TRAP";

    /// <summary>Comparisons.</summary>
    public const string Operators =
        "SCMP_CMP_EQ SCMP_CMP_GE SCMP_CMP_GT SCMP_CMP_LE SCMP_CMP_LT SCMP_CMP_MASKED_EQ SCMP_CMP_NE";

    /// <summary>All architectures of the specification; libseccomp may know fewer.</summary>
    public const string Architectures =
        "SCMP_ARCH_AARCH64 SCMP_ARCH_ARM SCMP_ARCH_LOONGARCH64 SCMP_ARCH_M68K SCMP_ARCH_MIPS SCMP_ARCH_MIPS64 SCMP_ARCH_MIPS64N32 " +
        "SCMP_ARCH_MIPSEL SCMP_ARCH_MIPSEL64 SCMP_ARCH_MIPSEL64N32 SCMP_ARCH_PARISC SCMP_ARCH_PARISC64 SCMP_ARCH_PPC " +
        "SCMP_ARCH_PPC64 SCMP_ARCH_PPC64LE SCMP_ARCH_RISCV64 SCMP_ARCH_S390 SCMP_ARCH_S390X SCMP_ARCH_SH SCMP_ARCH_SHEB " +
        "SCMP_ARCH_X32 SCMP_ARCH_X86 SCMP_ARCH_X86_64";

    /// <summary>Filter flags. TSYNC is known to runc only and changes nothing: one thread loads the filter.</summary>
    public const string Flags =
        "SECCOMP_FILTER_FLAG_LOG SECCOMP_FILTER_FLAG_SPEC_ALLOW SECCOMP_FILTER_FLAG_TSYNC SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV";
}
