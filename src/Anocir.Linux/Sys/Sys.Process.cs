using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Anocir.Linux;

public static unsafe partial class Sys
{
    private const int AllKinds = 0x40000000; // __WALL: also children that do not end with SIGCHLD

    [DllImport(Libc, EntryPoint = "waitpid", SetLastError = true)]
    private static extern int waitpid(int pid, int* status, int options);

    [DllImport(Libc, EntryPoint = "waitid", SetLastError = true)]
    private static extern int waitid(int type, int id, SigInfo* info, int options);

    [DllImport(Libc, EntryPoint = "prctl", SetLastError = true)]
    private static extern int prctl(int option, nuint a, nuint b, nuint c, nuint d);

    [DllImport(Libc, EntryPoint = "prlimit", SetLastError = true)]
    private static extern int prlimit(int pid, int resource, RLimit* newLimit, RLimit* oldLimit);

    [DllImport(Libc, EntryPoint = "syscall", SetLastError = true)]
    private static extern nint syscall_execveat(nint number, nint dir, byte* path, byte** argv, byte** envp, nint flags);

    [DllImport(Libc, EntryPoint = "pthread_sigmask")]
    private static extern int pthread_sigmask(int how, void* set, void* old);

    [DllImport(Libc, EntryPoint = "signal", SetLastError = true)]
    private static extern nint signal(int number, nint handler);

    [DllImport(Libc, EntryPoint = "_exit")]
    [DoesNotReturn]
    private static extern void _exit(int status);

    /// <summary>_exit(2): ends this process at once; nothing that is buffered is written.</summary>
    /// <param name="status">0 to 255.</param>
    [DoesNotReturn]
    public static void Exit(int status) => _exit(status);

    /// <summary>waitpid(2) for one child, blocking; value = wait status. Bounded by the caller, who waits for its pidfd first.</summary>
    public static SysResult WaitStatus(int pid)
    {
        int status;
        SysResult result;
        do
        {
            result = Result(waitpid(pid, &status, AllKinds));
        }
        while (result.Is(Errno.EINTR));
        return result.IsError ? result : new SysResult(status);
    }

    /// <summary>The same without waiting: <paramref name="reaped"/> tells whether it had ended.</summary>
    public static SysResult TryWaitStatus(int pid, out bool reaped)
    {
        const int NoHang = 1;
        int status;
        SysResult result = Result(waitpid(pid, &status, NoHang | AllKinds));
        reaped = !result.IsError && result.Int == pid;
        return reaped ? new SysResult(status) : result;
    }

    /// <summary>Whether a child has ended; it stays a zombie (waitid(2), WNOWAIT). Also true for a PID that is no child.</summary>
    public static bool HasEnded(int pid)
    {
        const int Pid = 1; // P_PID
        const int ExitedNoHangNoWait = 0x01000005;
        SigInfo info = default;
        return waitid(Pid, pid, &info, ExitedNoHangNoWait | AllKinds) != 0 || info.Signal != 0;
    }

    /// <summary>waitpid(pid, WNOHANG): value = 0 nothing ended, else the PID that was reaped.</summary>
    public static SysResult Reap(int pid)
    {
        const int NoHang = 1;
        int status;
        return Result(waitpid(pid, &status, NoHang | AllKinds));
    }

    /// <summary>prctl(PR_CAPBSET_READ): 1 if the capability is in the caller's bounding set, 0 if not, EINVAL if the kernel has no such one.</summary>
    public static SysResult BoundingCapability(int number)
    {
        const int CapBsetRead = 23;
        return Result(prctl(CapBsetRead, (nuint)number, 0, 0, 0));
    }

    /// <summary>prctl(PR_SET_CHILD_SUBREAPER): orphans below this process become its children.</summary>
    public static SysResult BecomeSubreaper()
    {
        const int SetChildSubreaper = 36;
        return Result(prctl(SetChildSubreaper, 1, 0, 0, 0));
    }

    /// <summary>The caller's own soft limit (getrlimit(2)), 0 when it cannot be told.</summary>
    public static ulong SoftLimit(int resource)
    {
        RLimit limit = default;
        return prlimit(0, resource, null, &limit) == 0 ? limit.Current : 0;
    }

    /// <summary>prlimit(2): sets both limits of another process.</summary>
    public static SysResult SetLimit(int pid, int resource, ulong soft, ulong hard)
    {
        var limit = new RLimit { Current = soft, Maximum = hard };
        return Result(prlimit(pid, resource, &limit, null));
    }

    /// <summary>
    /// SIGCHLD back to its default. A caller that ignores it hands that down over exec, and then the kernel reaps children by itself: their
    /// exit statuses are lost (wait(2), ECHILD).
    /// </summary>
    public static void KeepChildren()
    {
        const int ChildEnded = 17; // SIGCHLD
        _ = signal(ChildEnded, 0);
    }

    /// <summary>
    /// Blocks signals for this thread, and does not unblock any; pending ones survive an exec. Returns the mask as it was.
    /// </summary>
    /// <param name="signals">Bit 0 is signal 1.</param>
    public static ulong BlockSignals(ulong signals)
    {
        const int Block = 0;
        return ChangeSignalMask(Block, signals);
    }

    /// <summary>Sets the mask of this thread, to what <see cref="BlockSignals"/> returned.</summary>
    public static void SetSignalMask(ulong signals)
    {
        const int SetMask = 2;
        _ = ChangeSignalMask(SetMask, signals);
    }

    private static ulong ChangeSignalMask(int how, ulong signals)
    {
        byte* set = stackalloc byte[SignalSetSize];
        byte* old = stackalloc byte[SignalSetSize];
        new Span<byte>(set, SignalSetSize).Clear();
        new Span<byte>(old, SignalSetSize).Clear();
        *(ulong*)set = signals;
        _ = pthread_sigmask(how, set, old);
        return *(ulong*)old;
    }

    /// <summary>execveat(fd, "", AT_EMPTY_PATH): replaces this process; returns only on failure.</summary>
    public static SysResult ExecFd(int fd, ReadOnlySpan<string> arguments, ReadOnlySpan<string> environment)
    {
        nint number = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 281 : 322;
        byte** argv = StringVector(arguments);
        byte** envp = StringVector(environment);
        byte empty = 0;
        SysResult result = Result(syscall_execveat(number, fd, &empty, argv, envp, At.EMPTY_PATH));
        NativeMemory.Free(argv);
        NativeMemory.Free(envp);
        return result;
    }
}
