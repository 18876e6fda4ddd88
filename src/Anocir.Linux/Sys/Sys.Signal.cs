using System.Runtime.InteropServices;

namespace Anocir.Linux;

public static unsafe partial class Sys
{
    [DllImport(Libc, EntryPoint = "syscall", SetLastError = true)]
    private static extern nint syscall_pidfd_open(nint number, nint pid, nint flags);

    [DllImport(Libc, EntryPoint = "syscall", SetLastError = true)]
    private static extern nint syscall_pidfd_send_signal(nint number, nint pidfd, nint signal, void* info, nint flags);

    [DllImport(Libc, EntryPoint = "kill", SetLastError = true)]
    private static extern int kill(int pid, int signal);

    /// <summary>pidfd_open(2) of a thread group leader; the descriptor is close-on-exec. ESRCH when there is no such process.</summary>
    public static SysResult PidfdOpen(int pid)
    {
        const int NumberPidfdOpen = 434;
        return Result(syscall_pidfd_open(NumberPidfdOpen, pid, 0));
    }

    /// <summary>pidfd_send_signal(2); signal 0 only tests.</summary>
    public static SysResult PidfdSendSignal(int pidfd, int signal)
    {
        const int NumberPidfdSendSignal = 424;
        return Result(syscall_pidfd_send_signal(NumberPidfdSendSignal, pidfd, signal, null, 0));
    }

    /// <summary>pidfd_getfd(2): a copy of another process's descriptor, close-on-exec. Needs the right to trace it.</summary>
    public static SysResult PidfdGetFd(int pidfd, int number)
    {
        const int NumberPidfdGetFd = 438;
        return Result(syscall_pidfd_send_signal(NumberPidfdGetFd, pidfd, number, null, 0));
    }

    /// <summary>kill(2), for PIDs just read from a cgroup; for everything that is kept use a pidfd.</summary>
    public static SysResult Kill(int pid, int signal) => Result(kill(pid, signal));
}
