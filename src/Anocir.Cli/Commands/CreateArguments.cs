using System;
using Anocir.Cli.CommandLine;
using Anocir.Runtime.Lifecycle;
using Anocir.Runtime.State;

namespace Anocir.Cli.Commands;

/// <summary>The options that create, run and plan share.</summary>
internal static class CreateArguments
{
    /// <summary>The options for a container of this name.</summary>
    public static CreateOptions Read(Arguments arguments, ContainerId id) => new()
    {
        Id = id,
        Bundle = arguments.Path(OptionId.Bundle) ?? ".",
        ConfigFile = arguments.Path(OptionId.ConfigFile),
        ConsoleSocket = arguments.Path(OptionId.ConsoleSocket),
        PidfdSocket = arguments.Path(OptionId.PidfdSocket),
        PidFile = arguments.Path(OptionId.PidFile),
        NoPivot = arguments.Has(OptionId.NoPivot),
        NoNewKeyring = arguments.Has(OptionId.NoNewKeyring),
        ListenFds = ListenFds(),
        ListenFdNames = Environment.GetEnvironmentVariable("LISTEN_FDNAMES"),
        NotifySocket = NotifySocket(),
        PreserveFds = arguments.Number(OptionId.PreserveFds),
        Detach = arguments.Has(OptionId.Detach),
        Keep = arguments.Has(OptionId.Keep),
        NoSubreaper = arguments.Has(OptionId.NoSubreaper),
    };

    /// <summary>$NOTIFY_SOCKET, as sd_notify(3) takes it: an absolute path or an abstract name.</summary>
    public static string? NotifySocket() =>
        Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is { Length: > 0 } socket && socket[0] is '/' or '@' ? socket : null;

    // As sd_listen_fds(3): what was not meant for this process, or makes no sense, counts as nothing.
    private static int ListenFds() =>
        Environment.GetEnvironmentVariable("LISTEN_PID") is { } pid && Numbers.TryParse(pid, out int process) && process == Environment.ProcessId
        && Environment.GetEnvironmentVariable("LISTEN_FDS") is { } text && Numbers.TryParse(text, out int count) ? count : 0;
}
