using System.Runtime.CompilerServices;

namespace Anocir.Init;

/// <summary>
/// Thin wrappers over system calls: no policy, the result or a negative error number. EINTR is retried only where a wait of init can
/// see it; init runs without signal handlers, so elsewhere the kernel restarts the call by itself.
/// </summary>
internal static unsafe partial class Sys
{
    // The kernel documents no bound for EAGAIN under a storm of renames (openat2(2)); an attacker must not hold init for ever.
    private const int OpenRetries = 64;

    public static int OpenAt2(int dir, byte* path, int flags, ulong resolve, uint mode = 0)
    {
        OpenHow how;
        how.flags = (uint)(flags | O.CLOEXEC);
        how.mode = mode;
        how.resolve = resolve;
        int result = 0;
        for (int i = 0; i < OpenRetries; i++)
        {
            result = Call(Nr.openat2, dir, path, &how, sizeof(OpenHow));
            if (result != -Errno.EAGAIN)
            {
                break;
            }
        }

        return result;
    }

    /// <summary><see cref="Plan.PlanHeader.KeptDescriptors"/>.</summary>
    public static int Kept;

    /// <summary>Closes an fd that nobody needs any more, unless the plan's last close_range(2) is to close it. -1 is fine.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Drop(int fd)
    {
        if (fd >= Kept)
        {
            Close(fd);
        }
    }

    /// <summary>close(2); never retried, the fd is gone whatever it says.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Close(int fd) => Call(Nr.close, fd);

    public static nint Read(int fd, void* buffer, nint count)
    {
        nint result;
        do
        {
            result = Native.Syscall(Nr.read, fd, (nint)buffer, count);
        }
        while (result == -Errno.EINTR);
        return result;
    }

    public static nint Write(int fd, void* buffer, nint count)
    {
        nint result;
        do
        {
            result = Native.Syscall(Nr.write, fd, (nint)buffer, count);
        }
        while (result == -Errno.EINTR);
        return result;
    }

    /// <summary>statx(2) of <paramref name="path"/> below <paramref name="dir"/>, not following a last symlink.</summary>
    public static int Stat(int dir, byte* path, Statx* buffer)
    {
        const int BasicStatsAndMountId = 0x7ff | 0x1000;
        return (int)Native.Syscall(Nr.statx, dir, (nint)path, At.SYMLINK_NOFOLLOW | At.EMPTY_PATH, BasicStatsAndMountId, (nint)buffer);
    }

    /// <summary>statx(2) of an open file.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Stat(int fd, Statx* buffer)
    {
        byte none = 0;
        return Stat(fd, &none, buffer);
    }

    /// <summary>f_type of fstatfs(2), or a negative error number.</summary>
    public static long FileSystemType(int fd)
    {
        long* buffer = stackalloc long[StatfsLayout.Size / sizeof(long)];
        int result = Call(Nr.fstatfs, fd, buffer);
        return result < 0 ? result : buffer[StatfsLayout.TypeOffset / sizeof(long)];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Ioctl(int fd, uint request, void* argument) => Call(Nr.ioctl, fd, (void*)request, argument);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Fcntl(int fd, int command, nint argument) => (int)Native.Syscall(Nr.fcntl, fd, command, argument);

    public static uint Umask(uint mask) => (uint)Native.Syscall(Nr.umask, (nint)mask);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Prctl(int option, ulong argument2 = 0, ulong argument3 = 0) =>
        (int)Native.Syscall(Nr.prctl, option, (nint)argument2, (nint)argument3, 0, 0);

    /// <summary>mmap(2) of fresh private memory; a negative error number as address when it fails.</summary>
    public static nint MapAnonymous(nint length, bool shared)
    {
        const int ReadWrite = 3;
        const int Shared = 1;
        const int Private = 2;
        const int Anonymous = 0x20;
        return Native.Syscall(Nr.mmap, 0, length, ReadWrite, Anonymous | (shared ? Shared : Private), -1, 0);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Unmap(void* address, nint length) => Native.Syscall(Nr.munmap, (nint)address, length);

    /// <summary>Milliseconds of the monotonic clock.</summary>
    public static long Now()
    {
        const int Monotonic = 1;
        TimeSpec time;
        Native.Syscall(Nr.clock_gettime, Monotonic, (nint)(&time));
        return (time.tv_sec * 1000) + (time.tv_nsec / 1_000_000);
    }

    /// <summary>poll(2); a negative timeout waits for ever. EINTR counts as "nothing ready".</summary>
    public static int PollFds(PollFd* fds, int count, long timeoutMilliseconds)
    {
        TimeSpec time;
        time.tv_sec = timeoutMilliseconds / 1000;
        time.tv_nsec = timeoutMilliseconds % 1000 * 1_000_000;
        nint result = Native.Syscall(Nr.ppoll, (nint)fds, count, timeoutMilliseconds < 0 ? 0 : (nint)(&time));
        if (result == -Errno.EINTR)
        {
            for (int i = 0; i < count; i++)
            {
                fds[i].revents = 0;
            }

            return 0;
        }

        return (int)result;
    }

    // Fewer arguments at each place of call: most of the program is calls.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Call(int number, nint a) => (int)Native.Syscall(number, a);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Call(int number, void* a, nint b = 0) => (int)Native.Syscall(number, (nint)a, b);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Call(int number, nint a, void* b, void* c = null, nint d = 0) =>
        (int)Native.Syscall(number, a, (nint)b, (nint)c, d);
}
