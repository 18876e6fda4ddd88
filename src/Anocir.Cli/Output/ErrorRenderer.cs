using System;
using System.Text;
using Anocir.Cli.CommandLine;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Lifecycle;
using Anocir.Runtime.Logging;

namespace Anocir.Cli.Output;

/// <summary>
/// The one place that tells the user of a failure, once: into the log file if there is one (engines read it) and onto standard error,
/// where it is a line of runc's log format unless the log file has that already or a person is watching.
/// </summary>
internal static class ErrorRenderer
{
    private const int StandardError = 2;

    /// <summary>Reports a failure; returns the exit status.</summary>
    public static int Report(Exception error, CommandId command, Logger? log)
    {
        if (error is UsageException usage)
        {
            ShowUsage(usage);
        }

        string message = Message(error, command);
        using Logger? fallback = log is null ? new Logger(LogLevel.Warning, json: false) : null;
        Logger target = log ?? fallback!;
        bool isPlain = !target.HasFile && !target.IsJson;
        bool isForPerson = isPlain && Sys.IsTerminal(StandardError);
        if (isPlain && !isForPerson && !target.IsDebug && ProgramName.IsStandIn && InitLine(error, command) is { } bare)
        {
            _ = Sys.WriteAll(StandardError, Encoding.UTF8.GetBytes(LogLine.Printable(bare) + "\n"));
            return ExitCode(error, command);
        }

        if (!isForPerson)
        {
            target.Error(message);
        }

        if (isForPerson || target.HasFile)
        {
            string line = (isForPerson ? "anocir: " : "") + LogLine.Printable(message) + "\n";
            _ = Sys.WriteAll(StandardError, Encoding.UTF8.GetBytes(line));
        }

        return ExitCode(error, command);
    }

    /// <summary>The exit status of a command that failed: exec's own failures must be told from those of its program.</summary>
    internal static int ExitCode(Exception error, CommandId command) =>
        command == CommandId.Exec && error is not UsageException ? ExecOperation.FailureExitCode : (error as ContainerException)?.ExitCode ?? 1;

    /// <summary>
    /// The message of a failure. create and run say who failed, as runc does: docker and kubelet print it behind their own prefix. runc's
    /// further "unable to start container process: " is left out, no engine looks for it.
    /// </summary>
    internal static string Message(Exception error, CommandId command) => error switch
    {
        ContainerException when command is CommandId.Create => "anocir create failed: " + error.Message,
        ContainerException when command is CommandId.Run or CommandId.Finish => "anocir run failed: " + error.Message,
        ContainerException when command is CommandId.Exec => "exec failed: " + error.Message,
        ContainerException or UsageException => error.Message,
        _ => $"internal error: {error.GetType().Name}: {error.Message}; this is a bug in anocir {Runtime.BuildInfo.Version}, "
            + "please report it with the command line and config.json",
    };

    // runc is gone when execve fails, and its init says so on the container's standard error. Scripts that call runc may read that line; who calls
    // anocir, is a person, or asked for a log or debug messages gets the hint.
    private static string? InitLine(Exception error, CommandId command) =>
        command is CommandId.Run or CommandId.Finish ? (error as ContainerException)?.InitLine : null;

    // Standard output, as runc. Nothing more can be done if that fails; the error itself follows on standard error.
    private static void ShowUsage(UsageException usage)
    {
        byte[] text = Encoding.UTF8.GetBytes("Incorrect usage: " + LogLine.Printable(usage.Message) + "\n\n" + HelpText.For(usage.Command));
        _ = Sys.WriteAll(1, text);
    }
}
