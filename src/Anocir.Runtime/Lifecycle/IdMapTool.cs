using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.HookPrograms;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Lifecycle;

/// <summary>
/// newuidmap(1) or newgidmap(1): with privileges of their own they write a map of more than the user's own ID, within what the
/// administrator allows in /etc/subuid and /etc/subgid.
/// </summary>
internal sealed class IdMapTool
{
    private const int Seconds = 30;
    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private readonly string _name;
    private readonly string _file;
    private readonly string _option;
    private readonly Caller _caller;

    private IdMapTool(string name, string file, string option, Caller caller)
    {
        _name = name;
        _file = file;
        _option = option;
        _caller = caller;
    }

    /// <summary>newuidmap.</summary>
    public static IdMapTool Uid(Caller caller) => new("newuidmap", "/etc/subuid", "--add-subuids", caller);

    /// <summary>newgidmap.</summary>
    public static IdMapTool Gid(Caller caller) => new("newgidmap", "/etc/subgid", "--add-subgids", caller);

    /// <summary>Writes the map of the user namespace of process <paramref name="pid"/>.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="mappings">The map.</param>
    /// <param name="property">JSON path of the map, for messages.</param>
    /// <param name="own">The caller's own uid or gid.</param>
    /// <exception cref="ContainerException">The tool is missing or refuses; names the file, the range and the command that allows it.</exception>
    public void Write(int pid, IdMapping[] mappings, string property, uint own)
    {
        string tool = Find() ?? throw new ContainerException(
            $"cannot map the IDs of {property}: '{_name}' is not on $PATH; hint: install it (Debian, Ubuntu: apt-get install uidmap; "
            + "Fedora: dnf install shadow-utils), or map only your own ID as 'anocir spec --rootless' does");

        List<string> arguments = [_name, Number((uint)pid)];
        foreach (IdMapping mapping in mappings)
        {
            arguments.AddRange([Number(mapping.ContainerId), Number(mapping.HostId), Number(mapping.Size)]);
        }

        if (Run(tool, [.. arguments]) is { } failure)
        {
            throw new ContainerException($"cannot map the IDs of {property} with '{tool}': {failure}; hint: {Hint(tool, mappings, own)}");
        }
    }

    private static string? Run(string tool, string[] arguments)
    {
        using Fd input = HookFile.Create("idmap-stdin", default);
        using Fd output = HookFile.Create("idmap-output", default);
        SysResult spawned = Sys.Spawn(new SpawnOptions
        {
            Path = tool,
            Arguments = arguments,
            Environment = ["PATH=" + DefaultPath, "LC_ALL=C"],
            Stdio = [input.Number, output.Number, output.Number],
        });
        if (spawned.IsError)
        {
            return ErrnoText.Describe(spawned.Errno);
        }

        HookExit exit = HookExit.Wait(spawned.Int, Seconds);
        if (exit.TimedOut)
        {
            return $"no answer for {Number(Seconds)} s";
        }

        return exit.Failure is { } failure ? failure + (HookFile.Shown(output) is { Length: > 0 } text ? ": " + text : "") : null;
    }

    private string? Find()
    {
        foreach (string directory in (Environment.GetEnvironmentVariable("PATH") is { Length: > 0 } path ? path : DefaultPath).Split(':'))
        {
            // Not from the working directory, which is a bundle's: a stranger may have made it.
            if (!directory.StartsWith('/'))
            {
                continue;
            }

            const int Executable = 1;
            string candidate = Path.Combine(directory, _name);
            if (!Sys.AccessAt(At.FDCWD, candidate, Executable).IsError
                && !Sys.Statx(At.FDCWD, candidate, 0, out Statx stat).IsError && stat.IsType(FileType.Regular))
            {
                return candidate;
            }
        }

        return null;
    }

    // The tools say what they refuse, but neither where it is allowed nor why their own privileges did not arrive.
    private string Hint(string tool, IdMapping[] mappings, uint own)
    {
        string user = UserNames.Get(_caller.Uid);
        if (user[0] == '#')
        {
            return $"{_name} wants a user with uid {Number(_caller.Uid)} in /etc/passwd";
        }

        byte[] file = Sys.Open(_file, O.RDONLY | O.CLOEXEC) is { IsError: false } opened ? ReadAndClose(opened.Int) : [];
        if (new SubIds(file, user, _caller.Uid).FirstMissing(mappings, own) is { } missing)
        {
            string last = ((ulong)missing.HostId + missing.Size - 1).ToString(CultureInfo.InvariantCulture);
            return $"{_file} does not give you {Number(missing.HostId)}-{last}: as root, usermod {_option} {Number(missing.HostId)}-{last} {user}";
        }

        return $"'{tool}' must be setuid root (chmod u+s) or have the file capability (setcap {(_name[3] == 'u' ? "cap_setuid" : "cap_setgid")}+ep), "
            + "and neither no_new_privs nor a nosuid mount may take that away";
    }

    private static byte[] ReadAndClose(int fd)
    {
        using var file = new Fd(fd);
        return State.SmallFile.Read(file.Number, out byte[] content).IsError ? [] : content;
    }

    private static string Number(uint value) => value.ToString(CultureInfo.InvariantCulture);
}
