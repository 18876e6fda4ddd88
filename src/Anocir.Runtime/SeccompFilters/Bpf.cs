namespace Anocir.Runtime.SeccompFilters;

/// <summary>The instructions of classic BPF that are put before the library's programs (linux/bpf_common.h), and struct seccomp_data.</summary>
internal static class Bpf
{
    /// <summary>Loads a word at an absolute offset.</summary>
    public const ushort Load = 0x20;

    /// <summary>The accumulator and a constant.</summary>
    public const ushort And = 0x54;

    /// <summary>Jumps; all but the first compare the accumulator with a constant, without sign.</summary>
    public const ushort Jump = 0x05, JumpEqual = 0x15, JumpGreater = 0x25, JumpGreaterEqual = 0x35, JumpSet = 0x45;

    /// <summary>Returns a constant.</summary>
    public const ushort Return = 0x06;

    /// <summary>struct seccomp_data (linux/seccomp.h): the call's number, the architecture, six arguments of 64 bits.</summary>
    public const uint OffsetNumber = 0, OffsetArchitecture = 4, OffsetArguments = 16;
}
