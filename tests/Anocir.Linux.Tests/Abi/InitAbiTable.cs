using System;
using System.Collections.Generic;
using Anocir.Init;

namespace Anocir.Linux.Tests.Abi;

/// <summary>The same as <see cref="AbiTable"/> for anocir-init, which has declarations of its own with the kernel's names.</summary>
internal static class InitAbiTable
{
    public static IReadOnlyList<StructRow> Structs { get; } =
    [
        new(typeof(Init.OpenHow), "struct open_how", "linux/openat2.h"),
        new(typeof(CloneArgs), "struct clone_args", "linux/sched.h"),
        new(typeof(MountAttr), "struct mount_attr", "linux/mount.h"),
        new(typeof(Init.StatxTimestamp), "struct statx_timestamp", "linux/stat.h", Fields: "reserved=__reserved"),
        new(typeof(Init.Statx), "struct statx", "linux/stat.h", Fields: "padding=__spare0"),
        new(typeof(Init.PollFd), "struct pollfd", "poll.h"),
        new(typeof(TimeSpec), "struct __kernel_timespec", "linux/time_types.h"),
        new(typeof(Init.IoVec), "struct iovec", "linux/uio.h"),
        new(typeof(Init.MsgHdr), "struct msghdr", "sys/socket.h"),
        new(typeof(FdControl), "struct cmsghdr", "sys/socket.h", Size: false, Fields: "fd= padding="),
        new(typeof(SockFprog), "struct sock_fprog", "linux/filter.h"),
        new(typeof(CapHeader), "struct __user_cap_header_struct", "linux/capability.h"),
        new(typeof(CapData), "struct __user_cap_data_struct", "linux/capability.h", Size: false, Fields: "effective_high= permitted_high= inheritable_high="),
        new(typeof(Rlimit64), "struct rlimit64", "linux/resource.h"),
        new(typeof(IfReq), "struct ifreq", "linux/if.h", Fields: "name0= name1="),
        new(typeof(Init.WinSize), "struct winsize", "asm/termios.h"),
        new(typeof(KernelSigaction), "struct sigaction", "linux/types.h asm/signal.h", "sa_"),
        new(typeof(Init.SigInfo), "siginfo_t", "linux/types.h asm/siginfo.h", Fields: "padding="),
    ];

    public static IReadOnlyList<ConstantsRow> Constants { get; } =
    [
        new(typeof(Init.Errno), "errno.h", ""),
        new(typeof(Nr), "asm/unistd.h", "__NR_"),
        new(typeof(Init.O), "fcntl.h", "O_"),
        new(typeof(Init.At), "linux/fcntl.h", "AT_"),
        new(typeof(Init.Resolve), "linux/openat2.h", "RESOLVE_"),
        new(typeof(S), "linux/stat.h", "S_"),
        new(typeof(Sig), "linux/types.h asm/signal.h", "SIG", "Last="),
        new(typeof(Poll), "poll.h", "POLL"),
        new(typeof(Clone), "linux/sched.h", "CLONE_", "Namespaces=CLONE_NEWTIME|CLONE_NEWNS|CLONE_NEWCGROUP|CLONE_NEWUTS|CLONE_NEWIPC|CLONE_NEWUSER|CLONE_NEWPID|CLONE_NEWNET"),
        new(typeof(Tty), "asm/termbits.h asm/ioctls.h linux/magic.h linux/major.h", "", "DevPtsMagic=DEVPTS_SUPER_MAGIC TtyAuxMajor=TTYAUX_MAJOR PtmxMinor= FirstSlaveMajor=UNIX98_PTY_SLAVE_MAJOR LastSlaveMajor=UNIX98_PTY_SLAVE_MAJOR+UNIX98_PTY_MAJOR_COUNT-1"),
        new(typeof(Init.Termios), "asm/termbits.h", "", "Size=sizeof(struct/**/termios)"),
        new(typeof(StatLayout), "linux/types.h asm/stat.h", "", "Size=sizeof(struct/**/stat) ModeOffset=__builtin_offsetof(struct/**/stat,st_mode)"),
        new(typeof(StatfsLayout), "linux/types.h asm/statfs.h", "", "Size=sizeof(struct/**/statfs) TypeOffset=__builtin_offsetof(struct/**/statfs,f_type)"),
        new(typeof(Init.Dirent64), "dirent.h", "", "LengthOffset=__builtin_offsetof(struct/**/dirent64,d_reclen) NameOffset=__builtin_offsetof(struct/**/dirent64,d_name)"),
        new(typeof(SignalFdInfo), "linux/types.h linux/signalfd.h", "", "Size=sizeof(struct/**/signalfd_siginfo) SignalOffset=__builtin_offsetof(struct/**/signalfd_siginfo,ssi_signo) PidOffset=__builtin_offsetof(struct/**/signalfd_siginfo,ssi_pid)"),
        new(typeof(Sigset), "linux/types.h asm/signal.h", "", "Size=sizeof(sigset_t)"),
    ];

    /// <summary>Every type of the shared files: all of them are declarations of the kernel.</summary>
    public static IEnumerable<Type> All()
    {
        foreach (Type type in typeof(InitAbiTable).Assembly.GetTypes())
        {
            if (type.Namespace == "Anocir.Init" && !type.IsNested)
            {
                yield return type;
            }
        }
    }
}
