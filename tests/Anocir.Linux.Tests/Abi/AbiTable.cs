using System;
using System.Collections.Generic;

namespace Anocir.Linux.Tests.Abi;

/// <summary>One C# struct and the C struct it must equal.</summary>
/// <param name="Type">Our struct.</param>
/// <param name="CName">Its name in C: <c>struct open_how</c>.</param>
/// <param name="Headers">What to include, separated by blanks.</param>
/// <param name="Prefix">What the C fields start with; the rest is our name in snake case.</param>
/// <param name="Size">Whether the whole size must agree; not for structs that we cut off or round up.</param>
/// <param name="Fields">C# = C, where the prefix rule does not give the name; C# = "" for padding that has no name in C.</param>
internal sealed record StructRow(Type Type, string CName, string Headers, string Prefix = "", bool Size = true, string Fields = "");

/// <summary>One class of constants or an enum, whose members are C names without <paramref name="Prefix"/>.</summary>
/// <param name="Type">Our class or enum.</param>
/// <param name="Headers">What to include, separated by blanks.</param>
/// <param name="Prefix">What the C names start with.</param>
/// <param name="Names">C# = C, where the prefix rule does not give the name; C# = "" for names of our own.</param>
/// <param name="MayBeNewer">Names that Debian 12's headers (6.1) may lack; they are compared where the header has them.</param>
internal sealed record ConstantsRow(Type Type, string Headers, string Prefix, string Names = "", string MayBeNewer = "");

/// <summary>Every struct and constant that crosses to the kernel. A struct or class that is missing here fails a test.</summary>
internal static class AbiTable
{
    public static IReadOnlyList<StructRow> Structs { get; } =
    [
        new(typeof(OpenHow), "struct open_how", "linux/openat2.h"),
        new(typeof(StatxTimestamp), "struct statx_timestamp", "linux/stat.h", "tv_", Fields: "Reserved=__reserved"),
        new(typeof(RLimit), "struct rlimit", "sys/resource.h", Fields: "Current=rlim_cur Maximum=rlim_max"),
        new(typeof(IoVec), "struct iovec", "sys/uio.h", Fields: "Base=iov_base Length=iov_len"),
        new(typeof(MsgHdr), "struct msghdr", "sys/socket.h", Fields: "Name=msg_name NameLength=msg_namelen Vectors=msg_iov VectorCount=msg_iovlen Control=msg_control ControlLength=msg_controllen Flags=msg_flags"),
        new(typeof(RightsMessage), "struct cmsghdr", "sys/socket.h", Size: false, Fields: "Length=cmsg_len Level=cmsg_level Type=cmsg_type Fd= Padding="),
        new(typeof(MountAttributes), "struct mount_attr", "linux/mount.h", Fields: "Set=attr_set Clear=attr_clr UserNamespaceFd=userns_fd"),
        new(typeof(Termios), "struct termios", "asm/termbits.h", "c_"),
        new(typeof(PollFd), "struct pollfd", "poll.h", Fields: "Returned=revents"),
        new(typeof(BpfInstruction), "struct bpf_insn", "linux/bpf.h", Fields: "Registers="),
        new(typeof(BpfProgramLoad), "union bpf_attr", "linux/bpf.h", Size: false),
        new(typeof(BpfProgramAttach), "union bpf_attr", "linux/bpf.h", Size: false),
        new(typeof(BpfProgramQuery), "union bpf_attr", "linux/bpf.h", "query.", Size: false, Fields: "Padding="),
        new(typeof(BpfProgramId), "union bpf_attr", "linux/bpf.h", Size: false),
        new(typeof(SockFilter), "struct sock_filter", "linux/filter.h"),
        new(typeof(ScmpArgCmp), "struct scmp_arg_cmp", "seccomp.h"),
        new(typeof(SchedAttr), "struct sched_attr", "linux/sched/types.h", "sched_", Fields: "Size=size"),
        new(typeof(NlMsgHdr), "struct nlmsghdr", "linux/netlink.h", "nlmsg_", Fields: "Length=nlmsg_len Sequence=nlmsg_seq Port=nlmsg_pid"),
        new(typeof(IfInfoMsg), "struct ifinfomsg", "linux/rtnetlink.h", "ifi_", Fields: "Padding=__ifi_pad"),
        new(typeof(IfAddrMsg), "struct ifaddrmsg", "linux/if_addr.h", "ifa_", Fields: "PrefixLength=ifa_prefixlen"),
        new(typeof(RtAttr), "struct rtattr", "linux/rtnetlink.h", "rta_", Fields: "Length=rta_len"),
        new(typeof(Statfs), "struct statfs", "sys/statfs.h", "f_"),
        new(typeof(SigInfo), "siginfo_t", "signal.h", Fields: "Signal=si_signo"),
        new(typeof(WinSize), "struct winsize", "sys/ioctl.h", "ws_"),
        new(typeof(CapabilityHeader), "struct __user_cap_header_struct", "linux/capability.h"),
        new(typeof(CapabilityData), "struct __user_cap_data_struct", "linux/capability.h"),
        new(typeof(Statx), "struct statx", "linux/stat.h", "stx_", Fields: "Spare0=__spare0 MntId=stx_mnt_id"),
    ];

    /// <summary>Public enums and classes of constants that are our own, not the kernel's.</summary>
    public static IReadOnlyList<string> OwnConstants { get; } = [];

    public static IReadOnlyList<ConstantsRow> Constants { get; } =
    [
        new(typeof(Errno), "errno.h", "", "None="),
        new(typeof(O), "fcntl.h", "O_"),
        new(typeof(At), "linux/fcntl.h", "AT_"),
        new(typeof(Resolve), "linux/openat2.h", "RESOLVE_"),
        new(typeof(Memfd), "linux/memfd.h linux/fcntl.h", "MFD_", "SEAL_SEAL=F_SEAL_SEAL SEAL_SHRINK=F_SEAL_SHRINK SEAL_GROW=F_SEAL_GROW SEAL_WRITE=F_SEAL_WRITE SEAL_FUTURE_WRITE=F_SEAL_FUTURE_WRITE SEAL_EXEC=F_SEAL_EXEC", "NOEXEC_SEAL EXEC SEAL_EXEC"),
        new(typeof(FileType), "linux/stat.h", "S_IF", "Fifo=S_IFIFO Char=S_IFCHR Directory=S_IFDIR Block=S_IFBLK Regular=S_IFREG Symlink=S_IFLNK Socket=S_IFSOCK"),
        new(typeof(Dirent64), "dirent.h", "", "LengthOffset=__builtin_offsetof(struct/**/dirent64,d_reclen) TypeOffset=__builtin_offsetof(struct/**/dirent64,d_type) NameOffset=__builtin_offsetof(struct/**/dirent64,d_name) UnknownType=DT_UNKNOWN DirectoryType=DT_DIR"),
        new(typeof(SockAddrUn), "sys/socket.h sys/un.h", "", "PathOffset=__builtin_offsetof(struct/**/sockaddr_un,sun_path) PathMax=sizeof(((struct/**/sockaddr_un*)0)->sun_path)"),
    ];
}
