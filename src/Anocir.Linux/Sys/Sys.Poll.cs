using System.Runtime.InteropServices;

namespace Anocir.Linux;

public static unsafe partial class Sys
{
    private const short PollPriority = 2;

    [DllImport(Libc, EntryPoint = "eventfd", SetLastError = true)]
    private static extern int eventfd(uint initial, int flags);

    [DllImport(Libc, EntryPoint = "fchownat", SetLastError = true)]
    private static extern int fchownat(int dir, byte* path, uint uid, uint gid, int flags);

    /// <summary>eventfd(2), close-on-exec and not blocking.</summary>
    public static SysResult EventFd()
    {
        const int NonBlocking = 0x800;
        const int CloseOnExec = 0x80000;
        return Result(eventfd(0, NonBlocking | CloseOnExec));
    }

    /// <summary>
    /// Waits until the kernel announces a change of one of two files (POLLPRI: cgroup.events, memory.events) or input on one of two
    /// descriptors; -1 = none. At most <paramref name="milliseconds"/> (-1: no limit). Value: bits 0 and 1 for the files, 2 and 3 for the
    /// descriptors; 0 = time is up or a signal came.
    /// </summary>
    public static SysResult PollChange(int firstFile, int secondFile, int firstInput, int secondInput, int milliseconds)
    {
        const short Input = 1;
        PollFd* fds = stackalloc PollFd[4];
        fds[0] = new PollFd { Fd = firstFile, Events = PollPriority };
        fds[1] = new PollFd { Fd = secondFile, Events = PollPriority };
        fds[2] = new PollFd { Fd = firstInput, Events = Input };
        fds[3] = new PollFd { Fd = secondInput, Events = Input };
        SysResult result = Result(poll(fds, 4, milliseconds));
        if (result.Is(Errno.EINTR))
        {
            return new SysResult(0);
        }

        int ready = 0;
        for (int i = 0; i < 4; i++)
        {
            ready |= fds[i].Returned != 0 ? 1 << i : 0;
        }

        return result.IsError ? result : new SysResult(ready);
    }

    /// <summary>fchownat(2) for the user alone; the group stays.</summary>
    public static SysResult ChownAt(int dir, string path, uint uid)
    {
        using var text = new CString(path, stackalloc byte[CString.StackSize]);
        return Result(fchownat(dir, text.Pointer, uid, uint.MaxValue, 0));
    }
}
