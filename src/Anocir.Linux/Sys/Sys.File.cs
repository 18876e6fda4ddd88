using System;
using System.Runtime.InteropServices;

namespace Anocir.Linux;

#pragma warning disable CS1591 // kernel names

/// <summary>Flags of open(2), openat2(2) and the *at calls (asm-generic/fcntl.h, linux/openat2.h).</summary>
public static class O
{
    public const int RDONLY = 0;
    public const int WRONLY = 1;
    public const int RDWR = 2;
    public const int CREAT = 0x40;
    public const int EXCL = 0x80;
    public const int TRUNC = 0x200;
    public const int APPEND = 0x400;
    public const int NONBLOCK = 0x800;
    public const int SYNC = 0x101000;
    public const int CLOEXEC = 0x80000;
    public const int PATH = 0x200000;

    // These two differ between x86-64 and arm64.
    public static int DIRECTORY => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x4000 : 0x10000;

    public static int NOFOLLOW => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x8000 : 0x20000;
}

/// <summary>AT_* constants (linux/fcntl.h).</summary>
public static class At
{
    public const int FDCWD = -100;
    public const int SYMLINK_NOFOLLOW = 0x100;
    public const int REMOVEDIR = 0x200;
    public const int EMPTY_PATH = 0x1000;
    public const int RECURSIVE = 0x8000;
}

/// <summary>RESOLVE_* flags of openat2(2).</summary>
public static class Resolve
{
    public const ulong NO_XDEV = 1;
    public const ulong NO_MAGICLINKS = 2;
    public const ulong NO_SYMLINKS = 4;
    public const ulong BENEATH = 8;
    public const ulong IN_ROOT = 16;
}

public static unsafe partial class Sys
{
    [DllImport(Libc, EntryPoint = "openat", SetLastError = true)]
    private static extern int openat(int dir, byte* path, int flags, uint mode);

    [DllImport(Libc, EntryPoint = "syscall", SetLastError = true)]
    private static extern nint syscall_openat2(nint number, nint dir, byte* path, OpenHow* how, nint size);

    [DllImport(Libc, EntryPoint = "close", SetLastError = true)]
    private static extern int close(int fd);

    [DllImport(Libc, EntryPoint = "writev", SetLastError = true)]
    private static extern nint writev(int fd, IoVec* pieces, int count);

    [DllImport(Libc, EntryPoint = "read", SetLastError = true)]
    private static extern nint read(int fd, byte* buffer, nint count);

    [DllImport(Libc, EntryPoint = "write", SetLastError = true)]
    private static extern nint write(int fd, byte* buffer, nint count);

    [DllImport(Libc, EntryPoint = "mkdirat", SetLastError = true)]
    private static extern int mkdirat(int dir, byte* path, uint mode);

    [DllImport(Libc, EntryPoint = "mkfifoat", SetLastError = true)]
    private static extern int mkfifoat(int dir, byte* path, uint mode);

    [DllImport(Libc, EntryPoint = "unlinkat", SetLastError = true)]
    private static extern int unlinkat(int dir, byte* path, int flags);

    [DllImport(Libc, EntryPoint = "renameat", SetLastError = true)]
    private static extern int renameat(int oldDir, byte* oldPath, int newDir, byte* newPath);

    [DllImport(Libc, EntryPoint = "readlinkat", SetLastError = true)]
    private static extern nint readlinkat(int dir, byte* path, byte* buffer, nint size);

    [DllImport(Libc, EntryPoint = "faccessat", SetLastError = true)]
    private static extern int faccessat(int dir, byte* path, int mode, int flags);

    [DllImport(Libc, EntryPoint = "fchmodat", SetLastError = true)]
    private static extern int fchmodat(int dir, byte* path, uint mode, int flags);

    [DllImport(Libc, EntryPoint = "flock", SetLastError = true)]
    private static extern int flock(int fd, int operation);

    [DllImport(Libc, EntryPoint = "statx", SetLastError = true)]
    private static extern int statx(int dir, byte* path, int flags, uint mask, Statx* buffer);

    [DllImport(Libc, EntryPoint = "getdents64", SetLastError = true)]
    private static extern nint getdents64(int fd, byte* buffer, nint size);

    [DllImport(Libc, EntryPoint = "lseek", SetLastError = true)]
    private static extern nint lseek(int fd, nint offset, int whence);

    [DllImport(Libc, EntryPoint = "fcntl", SetLastError = true)]
    private static extern int fcntl(int fd, int command, nint argument);

    [DllImport(Libc, EntryPoint = "getcwd", SetLastError = true)]
    private static extern byte* getcwd(byte* buffer, nint size);

    [DllImport(Libc, EntryPoint = "umask")]
    private static extern uint umask(uint mask);

    /// <summary>openat(2); flags from <see cref="O"/>. The caller adds <see cref="O.CLOEXEC"/>.</summary>
    public static SysResult OpenAt(int dir, string path, int flags, uint mode = 0)
    {
        using var c = new CString(path, stackalloc byte[CString.StackSize]);
        SysResult result;
        do
        {
            result = Result(openat(dir, c.Pointer, flags, mode));
        }
        while (result.Is(Errno.EINTR));
        return result;
    }

    /// <summary>open(2) relative to the working directory.</summary>
    public static SysResult Open(string path, int flags, uint mode = 0) => OpenAt(At.FDCWD, path, flags, mode);

    /// <summary>openat2(2): path resolution restricted by <paramref name="resolve"/> (<see cref="Resolve"/>).</summary>
    public static SysResult OpenAt2(int dir, string path, int flags, ulong resolve, uint mode = 0)
    {
        const int NumberOpenAt2 = 437;
        using var c = new CString(path, stackalloc byte[CString.StackSize]);
        var how = new OpenHow { Flags = (uint)flags, Mode = mode, Resolve = resolve };
        SysResult result;
        do
        {
            result = Result(syscall_openat2(NumberOpenAt2, dir, c.Pointer, &how, sizeof(OpenHow)));
        }
        while (result.Is(Errno.EINTR) || result.Is(Errno.EAGAIN)); // EAGAIN: a rename raced with the walk (openat2(2))
        return result;
    }

    /// <summary>close(2); never retried, the fd is gone even after EINTR.</summary>
    public static SysResult Close(int fd) => Result(close(fd));

    /// <summary>read(2) of at most <paramref name="buffer"/>'s length; 0 is end of file.</summary>
    public static SysResult Read(int fd, Span<byte> buffer)
    {
        fixed (byte* p = buffer)
        {
            SysResult result;
            do
            {
                result = Result(read(fd, p, buffer.Length));
            }
            while (result.Is(Errno.EINTR));
            return result;
        }
    }

    /// <summary>write(2), once; may be short.</summary>
    public static SysResult Write(int fd, ReadOnlySpan<byte> data)
    {
        fixed (byte* p = data)
        {
            SysResult result;
            do
            {
                result = Result(write(fd, p, data.Length));
            }
            while (result.Is(Errno.EINTR));
            return result;
        }
    }

    /// <summary>Writes everything, in as many write(2) calls as it takes; value = bytes written.</summary>
    public static SysResult WriteAll(int fd, ReadOnlySpan<byte> data)
    {
        int done = 0;
        while (done < data.Length)
        {
            SysResult result = Write(fd, data[done..]);
            if (result.IsError)
            {
                return result;
            }

            done += result.Int;
        }

        return new SysResult(done);
    }

    /// <summary>Writes three pieces as one: writev(2), and what that left over; value = bytes written.</summary>
    public static SysResult WriteAll(int fd, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third)
    {
        int total = first.Length + second.Length + third.Length;
        SysResult result;
        fixed (byte* a = first, b = second, c = third)
        {
            IoVec* pieces = stackalloc IoVec[3];
            pieces[0] = new IoVec { Base = a, Length = (nuint)first.Length };
            pieces[1] = new IoVec { Base = b, Length = (nuint)second.Length };
            pieces[2] = new IoVec { Base = c, Length = (nuint)third.Length };
            do
            {
                result = Result(writev(fd, pieces, 3));
            }
            while (result.Is(Errno.EINTR));
        }

        int skip = result.Int;
        if (result.IsError || skip == total)
        {
            return result;
        }

        WriteRest(fd, first, ref skip, ref result);
        WriteRest(fd, second, ref skip, ref result);
        WriteRest(fd, third, ref skip, ref result);
        return result.IsError ? result : new SysResult(total);
    }

    private static void WriteRest(int fd, ReadOnlySpan<byte> piece, ref int skip, ref SysResult result)
    {
        int done = Math.Min(skip, piece.Length);
        skip -= done;
        if (!result.IsError)
        {
            result = WriteAll(fd, piece[done..]);
        }
    }

    /// <summary>mkdirat(2).</summary>
    public static SysResult MkdirAt(int dir, string path, uint mode)
    {
        using var c = new CString(path, stackalloc byte[CString.StackSize]);
        return Result(mkdirat(dir, c.Pointer, mode));
    }

    /// <summary>mkfifoat(3).</summary>
    public static SysResult MkfifoAt(int dir, string path, uint mode)
    {
        using var c = new CString(path, stackalloc byte[CString.StackSize]);
        return Result(mkfifoat(dir, c.Pointer, mode));
    }

    /// <summary>unlinkat(2); flags 0 or <see cref="At.REMOVEDIR"/>.</summary>
    public static SysResult UnlinkAt(int dir, string path, int flags = 0)
    {
        using var c = new CString(path, stackalloc byte[CString.StackSize]);
        return Result(unlinkat(dir, c.Pointer, flags));
    }

    /// <summary>renameat(2) within one directory fd.</summary>
    public static SysResult RenameAt(int oldDir, string oldPath, int newDir, string newPath)
    {
        using var a = new CString(oldPath, stackalloc byte[CString.StackSize]);
        using var b = new CString(newPath, stackalloc byte[CString.StackSize]);
        return Result(renameat(oldDir, a.Pointer, newDir, b.Pointer));
    }

    /// <summary>readlinkat(2); value = bytes placed in <paramref name="buffer"/>, not terminated.</summary>
    public static SysResult ReadLinkAt(int dir, string path, Span<byte> buffer)
    {
        using var c = new CString(path, stackalloc byte[CString.StackSize]);
        fixed (byte* p = buffer)
        {
            return Result(readlinkat(dir, c.Pointer, p, buffer.Length));
        }
    }

    /// <summary>faccessat(2) with the real IDs.</summary>
    public static SysResult AccessAt(int dir, string path, int mode)
    {
        using var c = new CString(path, stackalloc byte[CString.StackSize]);
        return Result(faccessat(dir, c.Pointer, mode, 0));
    }

    /// <summary>fchmodat(2), following symlinks.</summary>
    public static SysResult ChmodAt(int dir, string path, uint mode)
    {
        using var c = new CString(path, stackalloc byte[CString.StackSize]);
        return Result(fchmodat(dir, c.Pointer, mode, 0));
    }

    /// <summary>statx(2) of a path (or, with <see cref="At.EMPTY_PATH"/> and "", of <paramref name="dir"/> itself).</summary>
    public static SysResult Statx(int dir, string path, int flags, out Statx buffer)
    {
        const uint BasicStatsAndMountId = 0x7ff | 0x1000;
        using var c = new CString(path, stackalloc byte[CString.StackSize]);
        fixed (Statx* p = &buffer)
        {
            return Result(statx(dir, c.Pointer, flags, BasicStatsAndMountId, p));
        }
    }

    /// <summary>flock(2) exclusive without waiting; EWOULDBLOCK (EAGAIN) when somebody else holds it.</summary>
    public static SysResult TryLockExclusive(int fd)
    {
        const int LockExNonblock = 2 | 4;
        return Result(flock(fd, LockExNonblock));
    }

    /// <summary>flock(2) shared without waiting; EWOULDBLOCK (EAGAIN) when somebody else holds it exclusively.</summary>
    public static SysResult TryLockShared(int fd)
    {
        const int LockShNonblock = 1 | 4;
        return Result(flock(fd, LockShNonblock));
    }

    /// <summary>getdents64(2): raw linux_dirent64 records; 0 at the end.</summary>
    public static SysResult GetDents(int fd, Span<byte> buffer)
    {
        fixed (byte* p = buffer)
        {
            return Result(getdents64(fd, p, buffer.Length));
        }
    }

    /// <summary>lseek(2) to an absolute offset.</summary>
    public static SysResult Seek(int fd, long offset) => Result(lseek(fd, (nint)offset, 0));

    /// <summary>fcntl(2).</summary>
    public static SysResult Fcntl(int fd, int command, nint argument) => Result(fcntl(fd, command, argument));

    /// <summary>The working directory, or null when it cannot be told (removed, unreadable parent).</summary>
    public static string? GetCwd()
    {
        const int PathMax = 4096;
        byte* buffer = stackalloc byte[PathMax];
        return getcwd(buffer, PathMax) == null ? null : Marshal.PtrToStringUTF8((nint)buffer);
    }

    /// <summary>umask(2); returns the old mask.</summary>
    public static uint Umask(uint mask) => umask(mask);
}
