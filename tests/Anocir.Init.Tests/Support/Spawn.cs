using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;

namespace Anocir.Init.Tests;

/// <summary>posix_spawn with exactly the given fds: everything else of the test process is close-on-exec.</summary>
internal static unsafe class Spawn
{
    private const int MaxSize = 1024; // more than posix_spawn_file_actions_t of any libc

    /// <summary>Starts a program; the fds appear in it under the given numbers.</summary>
    public static int Start(string path, string[] argv, string[] envp, IEnumerable<(int From, int To)> fds)
    {
        byte* actions = stackalloc byte[MaxSize];
        Check(posix_spawn_file_actions_init(actions));
        foreach ((int from, int to) in fds)
        {
            Check(posix_spawn_file_actions_adddup2(actions, from, to));
        }

        nint[] arguments = Strings(argv);
        nint[] environment = Strings(envp);
        int pid;
        fixed (nint* a = arguments, e = environment)
        {
            Check(posix_spawn(&pid, path, actions, null, a, e));
        }

        Check(posix_spawn_file_actions_destroy(actions));
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
    private static extern int posix_spawn(
        int* pid, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, byte* actions, void* attributes, nint* argv, nint* envp);
}
