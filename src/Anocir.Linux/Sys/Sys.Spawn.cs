using System;
using System.Runtime.InteropServices;
using System.Text;

namespace Anocir.Linux;

/// <summary>What a new process gets from <see cref="Sys.Spawn"/>.</summary>
public ref struct SpawnOptions
{
    /// <summary>Program to execute; no search.</summary>
    public required string Path { get; init; }

    /// <summary>argv, argv[0] included.</summary>
    public required ReadOnlySpan<string> Arguments { get; init; }

    /// <summary>environ, as <c>NAME=value</c>.</summary>
    public required ReadOnlySpan<string> Environment { get; init; }

    /// <summary>
    /// Descriptors (above 2) that the process inherits under the same numbers, besides those that this process's caller left open for it: for
    /// anocir-init, whose plan begins by marking all others. Empty, as for any other program: nothing above 2 or <see cref="Stdio"/> is inherited, whoever opened it.
    /// </summary>
    public ReadOnlySpan<int> Inherit { get; init; }

    /// <summary>Descriptors for 0, 1, 2 and, for a program that wants more, those that follow; empty: the caller's own three.</summary>
    public ReadOnlySpan<int> Stdio { get; init; }

    /// <summary>Whether it leads a session of its own, so that signals to the caller's process group do not reach it.</summary>
    public bool NewSession { get; init; }

    /// <summary>Working directory; null: the caller's.</summary>
    public string? Directory { get; init; }
}

public static unsafe partial class Sys
{
    // posix_spawn_file_actions_t and posix_spawnattr_t are opaque (spawn.h of glibc: 80 and 336 bytes on 64-bit machines).
    private const int FileActionsSize = 128;
    private const int AttributesSize = 512;
    private const int SignalSetSize = 128;

    [DllImport(Libc, EntryPoint = "posix_spawn")]
    private static extern int posix_spawn(int* pid, byte* path, void* actions, void* attributes, byte** argv, byte** envp);

    [DllImport(Libc, EntryPoint = "posix_spawn_file_actions_init")]
    private static extern int posix_spawn_file_actions_init(void* actions);

    [DllImport(Libc, EntryPoint = "posix_spawn_file_actions_destroy")]
    private static extern int posix_spawn_file_actions_destroy(void* actions);

    [DllImport(Libc, EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static extern int posix_spawn_file_actions_adddup2(void* actions, int fd, int newFd);

    [DllImport(Libc, EntryPoint = "posix_spawn_file_actions_addclosefrom_np")]
    private static extern int posix_spawn_file_actions_addclosefrom_np(void* actions, int from);

    [DllImport(Libc, EntryPoint = "posix_spawn_file_actions_addchdir_np")]
    private static extern int posix_spawn_file_actions_addchdir_np(void* actions, byte* path);

    [DllImport(Libc, EntryPoint = "posix_spawnattr_init")]
    private static extern int posix_spawnattr_init(void* attributes);

    [DllImport(Libc, EntryPoint = "posix_spawnattr_destroy")]
    private static extern int posix_spawnattr_destroy(void* attributes);

    [DllImport(Libc, EntryPoint = "posix_spawnattr_setflags")]
    private static extern int posix_spawnattr_setflags(void* attributes, short flags);

    [DllImport(Libc, EntryPoint = "posix_spawnattr_setsigmask")]
    private static extern int posix_spawnattr_setsigmask(void* attributes, void* mask);

    [DllImport(Libc, EntryPoint = "posix_spawnattr_setsigdefault")]
    private static extern int posix_spawnattr_setsigdefault(void* attributes, void* mask);

    /// <summary>
    /// posix_spawn(3): never a fork of managed code. The child starts with every signal at its default and an empty mask, because
    /// .NET ignores SIGPIPE and ignored signals survive exec. Value = PID.
    /// </summary>
    public static SysResult Spawn(in SpawnOptions options)
    {
        byte* actions = stackalloc byte[FileActionsSize];
        byte* attributes = stackalloc byte[AttributesSize];
        byte* signals = stackalloc byte[SignalSetSize];
        _ = posix_spawn_file_actions_init(actions);
        _ = posix_spawnattr_init(attributes);
        using var path = new CString(options.Path, stackalloc byte[CString.StackSize]);
        using var directory = new CString(options.Directory ?? "", stackalloc byte[CString.StackSize]);
        byte** argv = StringVector(options.Arguments);
        byte** envp = StringVector(options.Environment);
        try
        {
            const short SetSignalDefaultsAndMask = 0x04 | 0x08;
            const short SetSession = 0x80; // POSIX_SPAWN_SETSID
            new Span<byte>(signals, SignalSetSize).Clear();
            int error = posix_spawnattr_setsigmask(attributes, signals);
            new Span<byte>(signals, SignalSetSize).Fill(0xff);
            error |= posix_spawnattr_setsigdefault(attributes, signals);
            error |= posix_spawnattr_setflags(attributes, (short)(SetSignalDefaultsAndMask | (options.NewSession ? SetSession : 0)));
            for (int i = 0; i < options.Stdio.Length; i++)
            {
                error |= posix_spawn_file_actions_adddup2(actions, options.Stdio[i], i);
            }

            if (options.Inherit.IsEmpty)
            {
                // In the child only: what the caller left open may be for a program that is still to come (--preserve-fds).
                error |= posix_spawn_file_actions_addclosefrom_np(actions, Math.Max(options.Stdio.Length, 3));
            }

            if (options.Directory is not null)
            {
                error |= posix_spawn_file_actions_addchdir_np(actions, directory.Pointer);
            }

            if (error != 0)
            {
                return new SysResult(-error);
            }

            // Not as file actions: each would cost four system calls. There is one thread, so nothing else is executed meanwhile.
            SetCloseOnExec(options.Inherit, 0);
            int pid;
            error = posix_spawn(&pid, path.Pointer, actions, attributes, argv, envp);

            // One by one: what lies between may be the caller's (a lock held by "exec 9>lock"), and stays open as long as this process.
            SetCloseOnExec(options.Inherit, 1);
            return new SysResult(error == 0 ? pid : -error);
        }
        finally
        {
            _ = posix_spawn_file_actions_destroy(actions);
            _ = posix_spawnattr_destroy(attributes);
            NativeMemory.Free(argv);
            NativeMemory.Free(envp);
        }
    }

    private static void SetCloseOnExec(ReadOnlySpan<int> fds, nint flags)
    {
        const int SetFlags = 2; // F_SETFD
        foreach (int fd in fds)
        {
            _ = Fcntl(fd, SetFlags, flags);
        }
    }

    /// <summary>A NULL-terminated char*[] and its strings in one allocation, which the caller frees.</summary>
    internal static byte** StringVector(ReadOnlySpan<string> strings)
    {
        nuint size = (nuint)(strings.Length + 1) * (nuint)sizeof(byte*);
        foreach (string text in strings)
        {
            size += (nuint)Encoding.UTF8.GetByteCount(text) + 1;
        }

        byte** vector = (byte**)NativeMemory.Alloc(size);
        byte* next = (byte*)(vector + strings.Length + 1);
        byte* end = (byte*)vector + size;
        for (int i = 0; i < strings.Length; i++)
        {
            vector[i] = next;
            next += Encoding.UTF8.GetBytes(strings[i], new Span<byte>(next, (int)(end - next)));
            *next++ = 0;
        }

        vector[strings.Length] = null;
        return vector;
    }
}
