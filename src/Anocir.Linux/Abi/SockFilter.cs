using System.Runtime.InteropServices;

namespace Anocir.Linux;

#pragma warning disable CS1591 // kernel field names, documented in seccomp(2)

/// <summary>struct sock_filter (linux/filter.h): one instruction of a classic BPF program, as seccomp(2) takes them.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SockFilter
{
    public ushort Code;
    public byte Jt;
    public byte Jf;
    public uint K;

    /// <summary>An instruction with both jumps.</summary>
    public SockFilter(ushort code, uint k, byte jt = 0, byte jf = 0)
    {
        Code = code;
        K = k;
        Jt = jt;
        Jf = jf;
    }
}

/// <summary>struct scmp_arg_cmp (seccomp.h): one condition on an argument of a system call.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct ScmpArgCmp
{
    public uint Arg;
    public int Op;
    public ulong DatumA;
    public ulong DatumB;
}
