using System.Runtime.InteropServices;

namespace Anocir.Linux;

#pragma warning disable CS1591 // kernel field names, documented in statx(2)

/// <summary>struct statx_timestamp (linux/stat.h).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct StatxTimestamp
{
    public long Sec;
    public uint Nsec;
    public int Reserved;
}

/// <summary>struct statx (linux/stat.h), 256 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Size = 256)]
public struct Statx
{
    public uint Mask;
    public uint Blksize;
    public ulong Attributes;
    public uint Nlink;
    public uint Uid;
    public uint Gid;
    public ushort Mode;
    public ushort Spare0;
    public ulong Ino;
    public ulong Size;
    public ulong Blocks;
    public ulong AttributesMask;
    public StatxTimestamp Atime;
    public StatxTimestamp Btime;
    public StatxTimestamp Ctime;
    public StatxTimestamp Mtime;
    public uint RdevMajor;
    public uint RdevMinor;
    public uint DevMajor;
    public uint DevMinor;
    public ulong MntId;

    /// <summary>Whether the file type bits of <see cref="Mode"/> are these (S_IFDIR = 0x4000 …).</summary>
    public readonly bool IsType(int type) => (Mode & 0xf000) == type;
}

/// <summary>S_IF* file types (linux/stat.h).</summary>
public static class FileType
{
    public const int Fifo = 0x1000;
    public const int Char = 0x2000;
    public const int Directory = 0x4000;
    public const int Block = 0x6000;
    public const int Regular = 0x8000;
    public const int Symlink = 0xa000;
    public const int Socket = 0xc000;
}
