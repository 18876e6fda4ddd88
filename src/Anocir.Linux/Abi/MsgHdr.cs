using System.Runtime.InteropServices;

namespace Anocir.Linux;

#pragma warning disable CS1591 // kernel field names, documented in recvmsg(2), cmsg(3) and poll(2)

/// <summary>struct iovec (sys/uio.h).</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct IoVec
{
    public byte* Base;
    public nuint Length;
}

/// <summary>struct msghdr (sys/socket.h).</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct MsgHdr
{
    public void* Name;
    public uint NameLength;
    public IoVec* Vectors;
    public nuint VectorCount;
    public void* Control;
    public nuint ControlLength;
    public int Flags;
}

/// <summary>struct cmsghdr of SOL_SOCKET/SCM_RIGHTS with one descriptor, padded to CMSG_SPACE(4) (sys/socket.h).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct RightsMessage
{
    public nuint Length;
    public int Level;
    public int Type;
    public int Fd;
    public int Padding;
}

/// <summary>struct pollfd (poll.h).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct PollFd
{
    public int Fd;
    public short Events;
    public short Returned;
}
