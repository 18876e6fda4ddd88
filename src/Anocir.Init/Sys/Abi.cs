using System.Runtime.InteropServices;

namespace Anocir.Init;

#pragma warning disable CS1591, CS0649 // kernel names; fields the kernel fills

// Structs passed to the kernel. Both supported architectures use the same layouts; a test compares them with the C headers.

/// <summary>struct open_how (linux/openat2.h).</summary>
internal struct OpenHow
{
    public ulong flags;
    public ulong mode;
    public ulong resolve;
}

/// <summary>struct clone_args, version 2 (linux/sched.h).</summary>
internal struct CloneArgs
{
    public ulong flags;
    public ulong pidfd;
    public ulong child_tid;
    public ulong parent_tid;
    public ulong exit_signal;
    public ulong stack;
    public ulong stack_size;
    public ulong tls;
    public ulong set_tid;
    public ulong set_tid_size;
    public ulong cgroup;
}

/// <summary>struct mount_attr (linux/mount.h).</summary>
internal struct MountAttr
{
    public ulong attr_set;
    public ulong attr_clr;
    public ulong propagation;
    public ulong userns_fd;
}

/// <summary>struct statx_timestamp (linux/stat.h).</summary>
internal struct StatxTimestamp
{
    public long tv_sec;
    public uint tv_nsec;
    public int reserved;
}

/// <summary>struct statx (linux/stat.h). Used in place of stat: the same on every architecture, and it knows the mount.</summary>
[StructLayout(LayoutKind.Sequential, Size = 256)]
internal struct Statx
{
    public uint stx_mask;
    public uint stx_blksize;
    public ulong stx_attributes;
    public uint stx_nlink;
    public uint stx_uid;
    public uint stx_gid;
    public ushort stx_mode;
    public ushort padding;
    public ulong stx_ino;
    public ulong stx_size;
    public ulong stx_blocks;
    public ulong stx_attributes_mask;
    public StatxTimestamp stx_atime;
    public StatxTimestamp stx_btime;
    public StatxTimestamp stx_ctime;
    public StatxTimestamp stx_mtime;
    public uint stx_rdev_major;
    public uint stx_rdev_minor;
    public uint stx_dev_major;
    public uint stx_dev_minor;
    public ulong stx_mnt_id;
}

/// <summary>struct pollfd (asm-generic/poll.h).</summary>
internal struct PollFd
{
    public int fd;
    public short events;
    public short revents;
}

/// <summary>struct timespec with 64-bit fields (linux/time_types.h).</summary>
internal struct TimeSpec
{
    public long tv_sec;
    public long tv_nsec;
}

/// <summary>struct iovec (linux/uio.h).</summary>
internal unsafe struct IoVec
{
    public void* iov_base;
    public nuint iov_len;
}

/// <summary>struct msghdr as the 64-bit kernel sees it (struct user_msghdr).</summary>
internal unsafe struct MsgHdr
{
    public void* msg_name;
    public int msg_namelen;
    public IoVec* msg_iov;
    public nuint msg_iovlen;
    public void* msg_control;
    public nuint msg_controllen;
    public int msg_flags;
}

/// <summary>A control message that carries one fd: struct cmsghdr and its payload, padded.</summary>
internal struct FdControl
{
    public ulong cmsg_len;
    public int cmsg_level;
    public int cmsg_type;
    public int fd;
    public int padding;
}

/// <summary>struct sock_fprog (linux/filter.h).</summary>
internal unsafe struct SockFprog
{
    public ushort len;
    public void* filter;
}

/// <summary>struct __user_cap_header_struct (linux/capability.h).</summary>
internal struct CapHeader
{
    public uint version;
    public int pid;
}

/// <summary>struct __user_cap_data_struct twice: bits 0 to 31, then 32 to 63.</summary>
internal struct CapData
{
    public uint effective;
    public uint permitted;
    public uint inheritable;
    public uint effective_high;
    public uint permitted_high;
    public uint inheritable_high;
}

/// <summary>struct rlimit64 (linux/resource.h).</summary>
internal struct Rlimit64
{
    public ulong rlim_cur;
    public ulong rlim_max;
}

/// <summary>struct ifreq with interface flags (linux/if.h).</summary>
[StructLayout(LayoutKind.Sequential, Size = 40)]
internal struct IfReq
{
    public ulong name0;
    public ulong name1;
    public short ifr_flags;
}

/// <summary>struct winsize (asm-generic/termios.h).</summary>
internal struct WinSize
{
    public ushort ws_row;
    public ushort ws_col;
    public ushort ws_xpixel;
    public ushort ws_ypixel;
}

/// <summary>The kernel's struct sigaction (not libc's).</summary>
internal struct KernelSigaction
{
    public ulong handler;
    public ulong flags;
    public ulong restorer;
    public ulong mask;
}

/// <summary>The beginning of siginfo_t for SIGCHLD (asm-generic/siginfo.h).</summary>
[StructLayout(LayoutKind.Sequential, Size = 128)]
internal struct SigInfo
{
    public int si_signo;
    public int si_errno;
    public int si_code;
    public int padding;
    public int si_pid;
    public int si_uid;
    public int si_status;
}

/// <summary>struct termios of the kernel (asm-generic/termbits.h), only ever handed through.</summary>
internal static class Termios
{
    public const uint Size = 36;
}

/// <summary>struct stat of newfstatat(2) (asm/stat.h): for where statx(2) may be filtered away.</summary>
internal static class StatLayout
{
#if ANOCIR_ARM64
    public const int Size = 128;
    public const int ModeOffset = 16;
#else
    public const int Size = 144;
    public const int ModeOffset = 24;
#endif
}

/// <summary>struct statfs (asm-generic/statfs.h), whose first word is f_type.</summary>
internal static class StatfsLayout
{
    public const int Size = 120;
    public const int TypeOffset = 0;
}

/// <summary>struct linux_dirent64 of getdents64(2).</summary>
internal static class Dirent64
{
    public const int LengthOffset = 16;
    public const int NameOffset = 19;
}

/// <summary>struct signalfd_siginfo (linux/signalfd.h).</summary>
internal static class SignalFdInfo
{
    public const int Size = 128;
    public const int SignalOffset = 0;
    public const int PidOffset = 12;
}

/// <summary>The kernel's sigset_t (not libc's): one bit a signal.</summary>
internal static class Sigset
{
    public const int Size = 8;
}
