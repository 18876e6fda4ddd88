using System;
using System.Globalization;
using Anocir.Linux;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>The command line of the controller that finishes a foreground run, without what only the attendant will know.</summary>
internal static class FinishCommandLine
{
    /// <summary>Name of the hidden command.</summary>
    public const string Command = "finish";

    /// <summary>argv: <c>NAME [GLOBAL OPTIONS] finish [OPTIONS OF RUN] -- ID PID TERMINAL</c>, behind which come EXIT-CODE and FAILURE; TERMINAL: what
    /// to restore, or empty.</summary>
    public static string[] Make(RuntimeOptions options, CreateOptions create, ContainerRecord record, Termios? terminal) =>
    [
        options.ProgramName,
        .. options.GlobalArguments,
        Command,
        .. create.Keep ? ["--keep"] : Array.Empty<string>(),
        .. create.PidFile is { } pidFile ? ["--pid-file", pidFile] : Array.Empty<string>(),
        "--",
        record.Id,
        record.Pid.ToString(CultureInfo.InvariantCulture),
        ForegroundTerminal.Format(terminal),
    ];
}
