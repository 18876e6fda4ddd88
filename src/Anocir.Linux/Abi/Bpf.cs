using System.Runtime.InteropServices;

namespace Anocir.Linux;

#pragma warning disable CS1591 // kernel field names, documented in bpf(2)

/// <summary>struct bpf_insn (linux/bpf.h): one eBPF instruction.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct BpfInstruction
{
    public byte Code;

    /// <summary>Destination register in the low four bits, source register in the high four.</summary>
    public byte Registers;
    public short Off;
    public int Imm;
}

/// <summary>The part of union bpf_attr that BPF_PROG_LOAD reads.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct BpfProgramLoad
{
    public uint ProgType;
    public uint InsnCnt;
    public ulong Insns;
    public ulong License;
    public uint LogLevel;
    public uint LogSize;
    public ulong LogBuf;
    public uint KernVersion;
    public uint ProgFlags;
}

/// <summary>The part of union bpf_attr that BPF_PROG_ATTACH and BPF_PROG_DETACH read.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct BpfProgramAttach
{
    public uint TargetFd;
    public uint AttachBpfFd;
    public uint AttachType;
    public uint AttachFlags;
    public uint ReplaceBpfFd;
}

/// <summary>The part of union bpf_attr that BPF_PROG_QUERY reads and writes (query.*).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct BpfProgramQuery
{
    public uint TargetFd;
    public uint AttachType;
    public uint QueryFlags;
    public uint AttachFlags;
    public ulong ProgIds;
    public uint ProgCnt;
    public uint Padding;
}

/// <summary>The part of union bpf_attr that BPF_PROG_GET_FD_BY_ID reads.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct BpfProgramId
{
    public uint ProgId;
    public uint NextId;
    public uint OpenFlags;
}
