namespace Anocir.Runtime.SeccompFilters;

/// <summary>Architecture tokens (linux/audit.h, AUDIT_ARCH_*) by their names in config.json.</summary>
internal static class SeccompArchitecture
{
    public const uint X86 = 0x40000003;
    public const uint X8664 = 0xC000003E;

    public const uint Riscv64 = 0xC00000F3;

    /// <summary>libseccomp's own token: the kernel reports x32 calls as x86-64 with <see cref="X32Bit"/> in the number.</summary>
    public const uint X32 = 0x4000003E;

    /// <summary>__X32_SYSCALL_BIT (asm/unistd.h).</summary>
    public const uint X32Bit = 0x40000000;

    private const uint Arm = 0x40000028;
    private const uint Aarch64 = 0xC00000B7;
    private const uint LoongArch64 = 0xC0000102;
    private const uint Mips = 0x8;
    private const uint Mips64 = 0x80000008;
    private const uint Mips64N32 = 0xA0000008;
    private const uint Mipsel = 0x40000008;
    private const uint Mipsel64 = 0xC0000008;
    private const uint Mipsel64N32 = 0xE0000008;

    /// <summary>The token of a name, 0 for an unknown one.</summary>
    public static uint Parse(string name) => name switch
    {
        "SCMP_ARCH_X86" => X86,
        "SCMP_ARCH_X86_64" => X8664,
        "SCMP_ARCH_X32" => X32,
        "SCMP_ARCH_ARM" => Arm,
        "SCMP_ARCH_AARCH64" => Aarch64,
        "SCMP_ARCH_LOONGARCH64" => LoongArch64,
        "SCMP_ARCH_M68K" => 0x4,
        "SCMP_ARCH_MIPS" => Mips,
        "SCMP_ARCH_MIPS64" => Mips64,
        "SCMP_ARCH_MIPS64N32" => Mips64N32,
        "SCMP_ARCH_MIPSEL" => Mipsel,
        "SCMP_ARCH_MIPSEL64" => Mipsel64,
        "SCMP_ARCH_MIPSEL64N32" => Mipsel64N32,
        "SCMP_ARCH_PARISC" => 0xF,
        "SCMP_ARCH_PARISC64" => 0x8000000F,
        "SCMP_ARCH_PPC" => 0x14,
        "SCMP_ARCH_PPC64" => 0x80000015,
        "SCMP_ARCH_PPC64LE" => 0xC0000015,
        "SCMP_ARCH_RISCV64" => Riscv64,
        "SCMP_ARCH_S390" => 0x16,
        "SCMP_ARCH_S390X" => 0x80000016,
        "SCMP_ARCH_SH" => 0x4000002A,
        "SCMP_ARCH_SHEB" => 0x2A,
        _ => 0,
    };

    /// <summary>
    /// Whether some calls of the architecture exist only through another call (socketcall, ipc): then the library has negative numbers for
    /// calls that exist, elsewhere they mean that the call does not.
    /// </summary>
    public static bool HasMultiplexers(uint token) => token is not (X8664 or X32 or Arm or Aarch64 or Riscv64 or LoongArch64);

    /// <summary>Whether arguments have 64 bits: __AUDIT_ARCH_64BIT (linux/audit.h), without MIPS' ABI of 64-bit registers and 32-bit words.</summary>
    public static bool HasWideArguments(uint token) => (token & 0x80000000) != 0 && token is not (Mips64N32 or Mipsel64N32);

    /// <summary>What an architecture adds to the numbers that all have in common since Linux 5.1.</summary>
    public static uint NumberBase(uint token) => token switch
    {
        X32 => X32Bit,
        Mips or Mipsel => 4000,
        Mips64 or Mipsel64 => 5000,
        Mips64N32 or Mipsel64N32 => 6000,
        _ => 0,
    };
}
