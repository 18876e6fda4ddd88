using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;

namespace Anocir.Init.Tests;

/// <summary>
/// posix_spawn as the controller does it: exactly the given fds, everything else of the test process being close-on-exec, and all signals at
/// their default (.NET ignores SIGPIPE, which would survive exec).
/// </summary>
internal static unsafe class Spawn
{
    private const int MaxSize = 1024; // more than posix_spawn_file_actions_t, posix_spawnattr_t and sigset_t of any libc
    private const short SetSigDef = 4; // POSIX_SPAWN_SETSIGDEF

    /// <summary>Starts a program; the fds appear in it under the given numbers.</summary>
    public static int Start(string path, string[] argv, string[] envp, IEnumerable<(int From, int To)> fds)
    {
        byte* actions = stackalloc byte[MaxSize];
        Check(posix_spawn_file_actions_init(actions));
        foreach ((int from, int to) in fds)
        {
            Check(posix_spawn_file_actions_adddup2(actions, from, to));
        }

        byte* attributes = stackalloc byte[MaxSize];
        byte* signals = stackalloc byte[MaxSize];
        Check(posix_spawnattr_init(attributes));
        Check(posix_spawnattr_setflags(attributes, SetSigDef));
        new Span<byte>(signals, MaxSize).Fill(0xff); // sigfillset leaves out two, which glibc's posix_spawn then ignores
        Check(posix_spawnattr_setsigdefault(attributes, signals));
        nint[] arguments = Strings(argv);
        nint[] environment = Strings(envp);
        int pid;
        fixed (nint* a = arguments, e = environment)
        {
            Check(posix_spawn(&pid, path, actions, attributes, a, e));
        }

        Check(posix_spawn_file_actions_destroy(actions));
        Check(posix_spawnattr_destroy(attributes));
        Free(arguments);
        Free(environment);
        return pid;
    }

    private static nint[] Strings(string[] texts)
    {
        var pointers = new nint[texts.Length + 1];
        for (int i = 0; i < texts.Length; i++)
        {
            pointers[i] = Marshal.StringToCoTaskMemUTF8(texts[i]);
        }

        return pointers;
    }

    private static void Free(nint[] pointers)
    {
        foreach (nint pointer in pointers)
        {
            Marshal.FreeCoTaskMem(pointer);
        }
    }

    private static void Check(int error)
    {
        if (error != 0)
        {
            throw new IOException($"posix_spawn: error {error}");
        }
    }

    [DllImport("libc")]
    private static extern int posix_spawn_file_actions_init(byte* actions);

    [DllImport("libc")]
    private static extern int posix_spawn_file_actions_destroy(byte* actions);

    [DllImport("libc")]
    private static extern int posix_spawn_file_actions_adddup2(byte* actions, int from, int to);

    [DllImport("libc")]
    private static extern int posix_spawnattr_init(byte* attributes);

    [DllImport("libc")]
    private static extern int posix_spawnattr_destroy(byte* attributes);

    [DllImport("libc")]
    private static extern int posix_spawnattr_setflags(byte* attributes, short flags);

    [DllImport("libc")]
    private static extern int posix_spawnattr_setsigdefault(byte* attributes, byte* signals);

    [DllImport("libc")]
    private static extern int posix_spawn(
        int* pid, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, byte* actions, void* attributes, nint* argv, nint* envp);
}
