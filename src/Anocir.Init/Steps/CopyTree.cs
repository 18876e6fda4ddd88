using Anocir.Plan;

namespace Anocir.Init;

/// <summary>
/// The step that fills a tmpfs with what it covers. Hard links become separate files; extended attributes of files and directories are
/// copied as far as the target takes them.
/// </summary>
internal unsafe ref struct CopyTree
{
    private const int MaxDepth = 64;
    private const int BufferSize = 2048; // of directory entries, per level
    private const int XattrMax = 65536; // XATTR_LIST_MAX and XATTR_SIZE_MAX
    private const ulong OneStep = Resolve.BENEATH | Resolve.NO_SYMLINKS | Resolve.NO_XDEV;

    // st_dev does not tell mounts apart on overlayfs, the mount's own id does.
    private ulong _mount;

    // Two areas of XattrMax bytes: names, one value. A mapping, because most trees need none of it.
    private byte* _xattr;

    public static int Run(InitState* state, Step* step)
    {
        nint memory = Sys.MapAnonymous(2 * XattrMax, shared: false);
        if (memory is < 0 and > -4096)
        {
            return (int)memory;
        }

        // The slots may hold O_PATH fds, which cannot be read.
        int from = Reopen(state->Fd(step->SlotA));
        int to = from < 0 ? from : Reopen(state->Fd(step->SlotB));
        Statx root = default;
        int result = to < 0 ? to : Sys.Stat(from, &root);
        if (result == 0)
        {
            CopyTree copy = default;
            copy._xattr = (byte*)memory;
            copy._mount = root.stx_mnt_id;
            result = copy.CopyEntries(from, to, 0);
        }

        if (from >= 0)
        {
            Sys.Close(from);
        }

        if (to >= 0)
        {
            Sys.Close(to);
        }

        Sys.Unmap((void*)memory, 2 * XattrMax);
        return result;
    }

    private static int Reopen(int directory)
    {
        fixed (byte* dot = "."u8)
        {
            return Sys.OpenAt2(directory, dot, O.RDONLY | O.DIRECTORY, 0);
        }
    }

    private readonly int CopyEntries(int from, int to, int depth)
    {
        if (depth > MaxDepth)
        {
            return -Errno.ELOOP;
        }

        byte* buffer = stackalloc byte[BufferSize];
        while (true)
        {
            int length = (int)Native.Syscall(Nr.getdents64, from, (nint)buffer, BufferSize);
            if (length <= 0)
            {
                return length;
            }

            for (int at = 0; at < length;)
            {
                byte* entry = buffer + at;
                byte* name = entry + Dirent64.NameOffset;
                at += *(ushort*)(entry + Dirent64.LengthOffset);
                if (name[0] == '.' && (name[1] == 0 || (name[1] == '.' && name[2] == 0)))
                {
                    continue;
                }

                int result = CopyEntry(from, to, name, depth);
                if (result < 0)
                {
                    return result;
                }
            }
        }
    }

    private readonly int CopyEntry(int from, int to, byte* name, int depth)
    {
        Statx stat;
        int result = Sys.Stat(from, name, &stat);
        if (result < 0)
        {
            return result;
        }

        if (stat.stx_mnt_id != _mount)
        {
            return 0;
        }

        switch (stat.stx_mode & S.IFMT)
        {
            case S.IFDIR:
                return CopyDirectory(from, to, name, &stat, depth);
            case S.IFREG:
                return CopyFile(from, to, name, &stat);
            case S.IFLNK:
                return CopyLink(from, to, name, &stat);
            default:
                nint device = (nint)((stat.stx_rdev_minor & 0xFF) | (stat.stx_rdev_major << 8) | ((stat.stx_rdev_minor & ~0xFFu) << 12));
                result = (int)Native.Syscall(Nr.mknodat, to, (nint)name, stat.stx_mode, device);
                return result < 0 ? result : CopyAttributes(to, name, &stat);
        }
    }

    private readonly int CopyDirectory(int from, int to, byte* name, Statx* stat, int depth)
    {
        const int OwnerOnly = 0x1C0; // 0700 until it is filled
        int made = (int)Native.Syscall(Nr.mkdirat, to, (nint)name, OwnerOnly);
        if (made is not (0 or -Errno.EEXIST))
        {
            return made;
        }

        int source = Sys.OpenAt2(from, name, O.RDONLY | O.DIRECTORY, OneStep);
        if (source < 0)
        {
            return source;
        }

        int target = Sys.OpenAt2(to, name, O.RDONLY | O.DIRECTORY, OneStep);
        int result = target < 0 ? target : CopyEntries(source, target, depth + 1);
        if (target >= 0)
        {
            result = result == 0 ? FileCopy.FinishFd(source, target, stat, _xattr, XattrMax) : result;
            Sys.Close(target);
        }

        Sys.Close(source);
        return result;
    }

    private readonly int CopyFile(int from, int to, byte* name, Statx* stat)
    {
        const int OwnerOnly = 0x180; // 0600
        int source = Sys.OpenAt2(from, name, O.RDONLY | O.NONBLOCK, OneStep);
        if (source < 0)
        {
            return source;
        }

        int target = Sys.OpenAt2(to, name, O.WRONLY | O.CREAT | O.EXCL, OneStep, OwnerOnly);
        int result = target < 0 ? target : FileCopy.Content(source, target);
        if (target >= 0)
        {
            result = result == 0 ? FileCopy.FinishFd(source, target, stat, _xattr, XattrMax) : result;
            Sys.Close(target);
        }

        Sys.Close(source);
        return result;
    }

    private static int CopyLink(int from, int to, byte* name, Statx* stat)
    {
        const int PathMax = 4096;
        byte* target = stackalloc byte[PathMax];
        int length = (int)Native.Syscall(Nr.readlinkat, from, (nint)name, (nint)target, PathMax - 1);
        if (length < 0)
        {
            return length;
        }

        target[length] = 0;
        int result = (int)Native.Syscall(Nr.symlinkat, (nint)target, to, (nint)name);
        return result < 0 ? result : CopyAttributes(to, name, stat);
    }

    // Owner, mode and time of what has no fd of its own. Owner first: chown takes set-id bits away.
    private static int CopyAttributes(int to, byte* name, Statx* stat)
    {
        int result = (int)Native.Syscall(
            Nr.fchownat, to, (nint)name, (nint)stat->stx_uid, (nint)stat->stx_gid, At.SYMLINK_NOFOLLOW);
        if (result == 0 && (stat->stx_mode & S.IFMT) != S.IFLNK)
        {
            result = (int)Native.Syscall(Nr.fchmodat, to, (nint)name, stat->stx_mode & 0xFFF);
        }

        TimeSpec* times = stackalloc TimeSpec[2];
        FileCopy.Times(stat, times);
        return result < 0 ? result : (int)Native.Syscall(Nr.utimensat, to, (nint)name, (nint)times, At.SYMLINK_NOFOLLOW);
    }
}
