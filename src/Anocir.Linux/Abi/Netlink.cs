using System.Runtime.InteropServices;

namespace Anocir.Linux;

#pragma warning disable CS1591 // kernel field names, documented in netlink(7) and rtnetlink(7)

/// <summary>struct nlmsghdr (linux/netlink.h).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct NlMsgHdr
{
    public int Length;
    public ushort Type;
    public ushort Flags;
    public uint Sequence;
    public uint Port;
}

/// <summary>struct ifinfomsg (linux/rtnetlink.h).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct IfInfoMsg
{
    public byte Family;
    public byte Padding;
    public ushort Type;
    public int Index;
    public uint Flags;
    public uint Change;
}

/// <summary>struct ifaddrmsg (linux/if_addr.h).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct IfAddrMsg
{
    public byte Family;
    public byte PrefixLength;
    public byte Flags;
    public byte Scope;
    public int Index;
}

/// <summary>struct rtattr (linux/rtnetlink.h): what an attribute begins with.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct RtAttr
{
    public ushort Length;
    public ushort Type;
}
