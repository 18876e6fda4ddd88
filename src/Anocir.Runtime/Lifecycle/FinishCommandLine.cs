using System.Globalization;
using System.Runtime.CompilerServices;
using Anocir.Linux;
using Anocir.Plan;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>The command line of the controller that finishes a foreground run, with room for what only the attendant will know.</summary>
internal readonly struct FinishCommandLine
{
    /// <summary>Name of the hidden command.</summary>
    public const string Command = "finish";

    private const int ExitCodeRoom = 24;

    private FinishCommandLine(string[] arguments, (int ExitCode, int Failure) indexes)
    {
        Arguments = arguments;
        Indexes = indexes;
    }

    /// <summary>argv.</summary>
    public string[] Arguments { get; }

    /// <summary>Which arguments are room.</summary>
    public (int ExitCode, int Failure) Indexes { get; }

    /// <summary><c>NAME [GLOBAL OPTIONS] finish ID PID TERMINAL EXIT-CODE FAILURE</c>; TERMINAL: what to restore, or empty.</summary>
    public static FinishCommandLine Make(RuntimeOptions options, ContainerRecord record, Termios? terminal)
    {
        int failureRoom = (2 * (Unsafe.SizeOf<StartFailure>() + StartFailure.MaxText)) + 1;
        string[] arguments =
        [
            options.ProgramName,
            .. options.GlobalArguments,
            Command,
            record.Id,
            record.Pid.ToString(CultureInfo.InvariantCulture),
            ForegroundTerminal.Format(terminal),
            new string(' ', ExitCodeRoom),
            new string(' ', failureRoom),
        ];
        return new FinishCommandLine(arguments, (arguments.Length - 2, arguments.Length - 1));
    }
}
