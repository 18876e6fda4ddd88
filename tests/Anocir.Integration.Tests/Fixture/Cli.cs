using System;
using System.Collections;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Anocir.Integration.Tests.Fixture;

/// <summary>How a command ended: exit status, or 128 + the signal that ended it.</summary>
internal sealed record CliResult(int Code, string Stdout, string Stderr)
{
    private const string ErrorStart = " level=error msg=\"";

    /// <summary>The message of the last error line (<c>time=… level=error msg="…"</c>) without its quoting; empty if there is none.</summary>
    public string Error
    {
        get
        {
            int start = Stderr.LastIndexOf(ErrorStart, StringComparison.Ordinal);
            int end = Stderr.LastIndexOf('"');
            return start < 0 ? "" : Regex.Unescape(Stderr[(start + ErrorStart.Length)..end]);
        }
    }

    public override string ToString() => $"exit code {Code}\nstdout: {Stdout}\nstderr: {Stderr}";
}

/// <summary>
/// Starts programs with posix_spawn: every signal at its default, an empty mask, exactly the descriptors that were asked for.
/// Output goes to memory files, so a container that outlives its command cannot block a reader.
/// </summary>
internal static unsafe class Cli
{
    private const short SetSigDef = 4, SetSigMask = 8, SetSid = 0x80;

    /// <summary>Runs to the end.</summary>
    public static CliResult Execute(string[] command, SpawnOptions options)
    {
        using Spawned spawned = Start(command, options);
        return spawned.Wait();
    }

    /// <summary>Starts only.</summary>
    public static Spawned Start(string[] command, SpawnOptions options)
    {
        if (options.Launch.Length > 0)
        {
            command = [Paths.Probe, "launch", .. options.Launch, "--", .. command];
        }

        int output = Native.Check(Native.memfd_create("stdout", 1), "memfd_create");
        int error = Native.Check(Native.memfd_create("stderr", 1), "memfd_create");
        int input = options.Input is { } text ? MemoryFile(text) : Native.Check(Native.open("/dev/null", Native.RdOnly | Native.CloExec, 0), "open");
        Dictionary<int, int> fds = options.Terminal is null ? new() { [0] = input, [1] = output, [2] = error } : [];
        foreach ((int target, int source) in options.Fds)
        {
            fds[target] = source;
        }

        int pid = Spawn(command, options, fds);
        _ = Native.close(input);
        return new Spawned(string.Join(' ', command), pid, output, error);
    }

    private static int MemoryFile(string text)
    {
        int fd = Native.Check(Native.memfd_create("stdin", 1), "memfd_create");
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(text);
        fixed (byte* start = bytes)
        {
            _ = Native.write(fd, start, (nuint)bytes.Length);
        }

        // The program gets a description of its own, at the start of the file.
        int again = Native.Check(Native.open($"/proc/self/fd/{fd}", Native.RdOnly | Native.CloExec, 0), "open");
        _ = Native.close(fd);
        return again;
    }

    private static int Spawn(string[] command, SpawnOptions options, Dictionary<int, int> fds)
    {
        byte* storage = stackalloc byte[2048];
        byte* actions = storage, attributes = storage + 512, set = storage + 1024;
        _ = Native.posix_spawn_file_actions_init(actions);
        _ = Native.posix_spawnattr_init(attributes);
        new Span<byte>(set, 128).Clear();
        _ = Native.posix_spawnattr_setsigmask(attributes, set);
        new Span<byte>(set, 8).Fill(0xff);
        _ = Native.posix_spawnattr_setsigdefault(attributes, set);
        _ = Native.posix_spawnattr_setflags(attributes, (short)(SetSigDef | SetSigMask | (options.Terminal is null ? 0 : SetSid)));

        using var strings = new CStrings([command[0], options.Cwd ?? ".", options.Terminal ?? ""]);
        List<int> copies = [];
        if (options.Terminal is not null)
        {
            // First open of a session leader: it becomes the controlling terminal.
            _ = Native.posix_spawn_file_actions_addopen(actions, 0, strings.Pointer[2], Native.RdWr, 0);
            _ = Native.posix_spawn_file_actions_adddup2(actions, 0, 1);
            _ = Native.posix_spawn_file_actions_adddup2(actions, 0, 2);
        }

        foreach ((int target, int source) in fds)
        {
            const int DupFdCloExec = 1030, OutOfTheWay = 500;
            int copy = Native.Check(Native.fcntl(source, DupFdCloExec, OutOfTheWay), "fcntl");
            copies.Add(copy);
            _ = Native.posix_spawn_file_actions_adddup2(actions, copy, target);
        }

        if (options.Cwd is not null)
        {
            _ = Native.posix_spawn_file_actions_addchdir_np(actions, strings.Pointer[1]);
        }

        using var argv = new CStrings(command);
        using var envp = new CStrings(Environment(options));
        int pid;
        int errno = Native.posix_spawn(&pid, strings.First, actions, attributes, argv.Pointer, envp.Pointer);
        copies.ForEach(static fd => Native.close(fd));
        _ = Native.posix_spawn_file_actions_destroy(actions);
        _ = Native.posix_spawnattr_destroy(attributes);
        return errno == 0 ? pid : throw new InvalidOperationException($"cannot execute {command[0]}: {Marshal.GetPInvokeErrorMessage(errno)}");
    }

    private static List<string> Environment(SpawnOptions options)
    {
        List<string> all = [];
        foreach (DictionaryEntry entry in System.Environment.GetEnvironmentVariables())
        {
            if (!options.Environment.ContainsKey((string)entry.Key))
            {
                all.Add($"{entry.Key}={entry.Value}");
            }
        }

        foreach ((string name, string? value) in options.Environment)
        {
            if (value is not null)
            {
                all.Add($"{name}={value}");
            }
        }

        return all;
    }
}
