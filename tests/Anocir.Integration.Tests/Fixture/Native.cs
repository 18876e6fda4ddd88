using System;
using System.Runtime.InteropServices;

namespace Anocir.Integration.Tests.Fixture;

/// <summary>The libc functions the fixture needs. Its own declarations: the judge does not borrow from the judged.</summary>
internal static unsafe partial class Native
{
    public const int RdOnly = 0, WrOnly = 1, RdWr = 2, Creat = 0x40, NoCtty = 0x100, Append = 0x400, NonBlock = 0x800, CloExec = 0x80000;
    public const int Eintr = 4, Esrch = 3;

    private const string C = "libc";

    [LibraryImport(C, SetLastError = true)]
    public static partial int prctl(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport(C, SetLastError = true)]
    public static partial int unshare(int flags);

    [LibraryImport(C, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int mount(string source, string target, string? type, nuint flags, string? data);

    [LibraryImport(C, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int umount2(string target, int flags);

    [LibraryImport(C, SetLastError = true)]
    public static partial int execve(byte* path, byte** argv, byte** envp);

    [LibraryImport(C, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int memfd_create(string name, uint flags);

    [LibraryImport(C, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int open(string path, int flags, uint mode);

    [LibraryImport(C, SetLastError = true)]
    public static partial int close(int fd);

    [LibraryImport(C, SetLastError = true)]
    public static partial nint pread(int fd, byte* buffer, nuint count, long offset);

    [LibraryImport(C, SetLastError = true)]
    public static partial nint read(int fd, byte* buffer, nuint count);

    [LibraryImport(C, SetLastError = true)]
    public static partial nint write(int fd, byte* buffer, nuint count);

    [LibraryImport(C, SetLastError = true)]
    public static partial int pipe2(int* fds, int flags);

    [LibraryImport(C, SetLastError = true)]
    public static partial int fcntl(int fd, int command, int argument);

    [LibraryImport(C, SetLastError = true)]
    public static partial int ioctl(int fd, nuint request, void* argument);

    [LibraryImport(C, SetLastError = true)]
    public static partial int poll(PollFd* fds, nuint count, int milliseconds);

    [LibraryImport(C, SetLastError = true)]
    public static partial int kill(int pid, int signal);

    [LibraryImport(C, SetLastError = true)]
    public static partial int wait4(int pid, int* status, int options, void* usage);

    [LibraryImport(C, SetLastError = true)]
    public static partial nint syscall(nint number, nint a, nint b, nint c, nint d);

    [LibraryImport(C, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int mkfifo(string path, uint mode);

    [LibraryImport(C, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int mknod(string path, uint mode, nuint device);

    [LibraryImport(C, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int chown(string path, uint user, uint group);

    [LibraryImport(C, SetLastError = true)]
    public static partial int posix_spawn(int* pid, byte* path, void* actions, void* attributes, byte** argv, byte** envp);

    [LibraryImport(C)]
    public static partial int posix_spawn_file_actions_init(void* actions);

    [LibraryImport(C)]
    public static partial int posix_spawn_file_actions_destroy(void* actions);

    [LibraryImport(C)]
    public static partial int posix_spawn_file_actions_adddup2(void* actions, int from, int to);

    [LibraryImport(C)]
    public static partial int posix_spawn_file_actions_addopen(void* actions, int fd, byte* path, int flags, uint mode);

    [LibraryImport(C)]
    public static partial int posix_spawn_file_actions_addchdir_np(void* actions, byte* path);

    [LibraryImport(C)]
    public static partial int posix_spawnattr_init(void* attributes);

    [LibraryImport(C)]
    public static partial int posix_spawnattr_destroy(void* attributes);

    [LibraryImport(C)]
    public static partial int posix_spawnattr_setflags(void* attributes, short flags);

    [LibraryImport(C)]
    public static partial int posix_spawnattr_setsigdefault(void* attributes, void* set);

    [LibraryImport(C)]
    public static partial int posix_spawnattr_setsigmask(void* attributes, void* set);

    [LibraryImport(C, SetLastError = true)]
    public static partial int socket(int domain, int type, int protocol);

    [LibraryImport(C, SetLastError = true)]
    public static partial int bind(int fd, byte* address, uint length);

    [LibraryImport(C, SetLastError = true)]
    public static partial int connect(int fd, byte* address, uint length);

    [LibraryImport(C, SetLastError = true)]
    public static partial int listen(int fd, int backlog);

    [LibraryImport(C, SetLastError = true)]
    public static partial int accept4(int fd, void* address, void* length, int flags);

    [LibraryImport(C, SetLastError = true)]
    public static partial nint recvmsg(int fd, MsgHdr* message, int flags);

    [LibraryImport(C, SetLastError = true)]
    public static partial int posix_openpt(int flags);

    [LibraryImport(C, SetLastError = true)]
    public static partial int unlockpt(int fd);

    /// <summary>The value, or an exception with the name of the call and errno's text.</summary>
    public static int Check(int value, string call) => value >= 0
        ? value
        : throw new InvalidOperationException($"{call}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    [StructLayout(LayoutKind.Sequential)]
    public struct PollFd
    {
        public int Fd;
        public short Events;
        public short Returned;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct IoVec
    {
        public byte* Base;
        public nuint Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct MsgHdr
    {
        public void* Name;
        public uint NameLength;
        public IoVec* Vectors;
        public nuint VectorCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }
}
