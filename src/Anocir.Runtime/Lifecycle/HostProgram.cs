using System;
using System.Text;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.HookPrograms;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>Runs a program of the host for its output.</summary>
internal static class HostProgram
{
    private const int Seconds = 30;

    /// <summary>What the program prints; it may take half a minute.</summary>
    /// <exception cref="ContainerException">It is not in $PATH, or it failed: with what it printed.</exception>
    public static string Run(string name, ReadOnlySpan<string> arguments)
    {
        string path = Find(name) ?? throw new ContainerException($"exec: \"{name}\": executable file not found in $PATH; hint: install it on the host");
        using Fd input = HookFile.Create(name + "-input", default);
        using Fd output = HookFile.Create(name + "-output", default);
        SysResult spawned = Sys.Spawn(new SpawnOptions
        {
            Path = path,
            Arguments = [name, .. arguments],
            Environment = CallerEnvironment.Read(),
            Stdio = [input.Number, output.Number, output.Number],
        });
        if (spawned.IsError)
        {
            throw ContainerException.System("run", path, spawned.Errno);
        }

        HookExit exit = HookExit.Wait(spawned.Int, Seconds);
        if (exit.TimedOut)
        {
            throw new ContainerException($"cannot run '{path}': it did not end within {Seconds} s");
        }

        if (exit.Failure is { } failure)
        {
            throw new ContainerException($"{failure}: {HookFile.Shown(output)}");
        }

        _ = Sys.Seek(output.Number, 0);
        SysResult read = SmallFile.Read(output.Number, out byte[] text);
        return read.IsError ? throw ContainerException.System("read the output of", path, read.Errno) : Encoding.UTF8.GetString(text);
    }

    /// <summary>The first file of this name in the absolute directories of $PATH that the caller may execute; null without one.</summary>
    public static string? Find(string name)
    {
        const int Executable = 1;
        string path = Environment.GetEnvironmentVariable("PATH") is { Length: > 0 } given ? given : "/usr/sbin:/usr/bin:/sbin:/bin";
        foreach (string directory in path.Split(':'))
        {
            string candidate = directory + "/" + name;
            if (directory.StartsWith('/') && !Sys.AccessAt(At.FDCWD, candidate, Executable).IsError)
            {
                return candidate;
            }
        }

        return null;
    }
}
