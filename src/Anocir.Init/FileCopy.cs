namespace Anocir.Init;

/// <summary>The parts of copying one open file to another.</summary>
internal static unsafe class FileCopy
{
    /// <summary>Copies everything from the current offset. sendfile works between any two file systems, copy_file_range does not (EXDEV).</summary>
    public static int Content(int source, int target)
    {
        const nint AtOnce = 1 << 30;
        while (true)
        {
            nint count = Native.Syscall(Nr.sendfile, target, source, 0, AtOnce);
            if (count <= 0)
            {
                return (int)count;
            }
        }
    }

    /// <summary>Extended attributes, owner, mode and times, in the order in which none undoes another.</summary>
    public static int FinishFd(int source, int target, Statx* stat, byte* buffer, int half)
    {
        int result = (int)Native.Syscall(Nr.fchown, target, (nint)stat->stx_uid, (nint)stat->stx_gid);
        if (result == 0)
        {
            result = Sys.Call(Nr.fchmod, target, (void*)(stat->stx_mode & 0xFFFu));
        }

        // After chown, which removes security.capability.
        if (result == 0)
        {
            result = Xattrs(source, target, buffer, half);
        }

        TimeSpec* times = stackalloc TimeSpec[2];
        Times(stat, times);
        return result < 0 ? result : (int)Native.Syscall(Nr.utimensat, target, 0, (nint)times, 0);
    }

    /// <summary>The access and modification time as utimensat takes them.</summary>
    public static void Times(Statx* stat, TimeSpec* times)
    {
        times[0].tv_sec = stat->stx_atime.tv_sec;
        times[0].tv_nsec = stat->stx_atime.tv_nsec;
        times[1].tv_sec = stat->stx_mtime.tv_sec;
        times[1].tv_nsec = stat->stx_mtime.tv_nsec;
    }

    private static int Xattrs(int source, int target, byte* names, int half)
    {
        int length = Sys.Call(Nr.flistxattr, source, names, (void*)half);
        byte* value = names + half;
        for (int at = 0; at < length; at += Ascii.Length(names + at) + 1)
        {
            byte* name = names + at;
            int size = Sys.Call(Nr.fgetxattr, source, name, value, half);
            int result = size < 0 ? size : (int)Native.Syscall(Nr.fsetxattr, target, (nint)name, (nint)value, size, 0);

            // A tmpfs may not know the namespace, a user namespace not be allowed to; the file is worth more than its attributes.
            if (result is not (>= 0 or -Errno.EOPNOTSUPP or -Errno.EPERM))
            {
                return result;
            }
        }

        return length < 0 && length != -Errno.EOPNOTSUPP ? length : 0;
    }
}
