using System;
using System.Collections.Generic;
using System.Globalization;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;
using Anocir.Runtime.Validation;

namespace Anocir.Runtime.Lifecycle;

/// <summary>
/// The process that exec adds: the file of --process as it is, but for capabilities that it does not mention, or the configured process with the
/// options on top (runc).
/// </summary>
public static class ExecProcess
{
    /// <summary>The checked process; the model in <paramref name="config"/> is used up.</summary>
    /// <param name="options">The command line.</param>
    /// <param name="config">The container's own configuration, as kept at create.</param>
    /// <param name="warnings">Gets what is merely doubtful.</param>
    /// <exception cref="ContainerException">An option or property is wrong.</exception>
    public static Process Build(ExecOptions options, RuntimeConfig config, List<string> warnings)
    {
        Process process = options.ProcessFile is { } file ? FromFile(file, config.Process) : FromConfig(options, config.Process);
        LinuxConfig linux = config.Linux ?? new LinuxConfig();
        ConfigValidator.CheckProcess(process, linux, warnings);
        return process;
    }

    // A file without capabilities leaves the container's, as with runc and crun; with an empty object it has none.
    private static Process FromFile(string file, Process? configured)
    {
        Process process = ConfigReader.ParseProcess(ConfigReader.ReadFile(file));
        process.Capabilities ??= configured?.Capabilities;
        return process;
    }

    private static Process FromConfig(ExecOptions options, Process? process)
    {
        if (process is null)
        {
            throw new ContainerException("process property must not be empty; hint: the container was created without one, give a whole one with --process");
        }

        if (options.Args.Length == 0)
        {
            throw new ContainerException("exec args cannot be empty");
        }

        process.Args = options.Args;
        process.Cwd = options.Cwd ?? process.Cwd;
        process.Env = [.. process.Env, .. options.Env];
        process.Terminal = options.Tty;
        process.NoNewPrivileges = options.NoNewPrivileges ?? process.NoNewPrivileges;
        process.ApparmorProfile = options.Apparmor ?? process.ApparmorProfile;
        process.SelinuxLabel = options.ProcessLabel ?? process.SelinuxLabel;
        AddCapabilities(process, options.Capabilities);
        SetUser(process.User, options);
        return process;
    }

    // Not inheritable, and ambient only for a process that has inheritable ones (CVE-2022-29162).
    private static void AddCapabilities(Process process, string[] names)
    {
        if (names.Length == 0)
        {
            return;
        }

        Capabilities sets = process.Capabilities ??= new Capabilities();
        sets.Bounding = [.. sets.Bounding ?? [], .. names];
        sets.Effective = [.. sets.Effective ?? [], .. names];
        sets.Permitted = [.. sets.Permitted ?? [], .. names];
        if (sets.Inheritable is { Length: > 0 })
        {
            sets.Ambient = [.. sets.Ambient ?? [], .. names];
        }
    }

    // CVE-2026-30892: the whole text is a number or an error, never the root user.
    private static void SetUser(User user, ExecOptions options)
    {
        if (options.User is { } text)
        {
            int colon = text.IndexOf(':', StringComparison.Ordinal);
            user.Uid = ParseId(colon < 0 ? text : text[..colon], "bad uid", "--user");
            user.Gid = colon < 0 ? user.Gid : ParseId(text[(colon + 1)..], "bad gid", "--user");
        }

        if (options.AdditionalGids.Length > 0)
        {
            user.AdditionalGids =
            [
                .. user.AdditionalGids,
                .. Array.ConvertAll(options.AdditionalGids, static gid => ParseId(gid, "additional-gids must be a positive number", "--additional-gids")),
            ];
        }
    }

    private static uint ParseId(string text, string rule, string option) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint id) && id != uint.MaxValue
            ? id
            : throw new ContainerException($"{rule}: {Printable.Quote(text)} (option {option}); hint: numbers from 0 to 4294967294, names are the engine's to look up");
}
