using System.Globalization;
using Anocir.Cli.CommandLine;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Lifecycle;
using Anocir.Runtime.State;

namespace Anocir.Cli.Commands;

/// <summary>
/// Hidden: what the attendant of a foreground run executes when more is left to do than removing files. Options: those of the run. Operands: container,
/// PID of its init, terminal attributes, exit code, record of a failed start; the last three may be empty.
/// </summary>
internal static class FinishCommand
{
    public static int Run(Arguments arguments)
    {
        string exitCode = arguments.Operand(3)!;
        return RunOperation.Finish(arguments.Runtime, new FinishOptions
        {
            Id = ContainerId.Parse(arguments.Operand(0)!),
            Pid = Number(arguments.Operand(1)!, "PID"),
            Terminal = arguments.Operand(2)!,
            ExitCode = exitCode.Length > 0 ? Number(exitCode, "EXIT-CODE") : null,
            Failure = arguments.Operand(4)!,
            Keep = arguments.Has(OptionId.Keep),
            PidFile = arguments.Path(OptionId.PidFile),
        });
    }

    private static int Number(string text, string name) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new ContainerException($"finish: {name} must be a number, got '{text}'");
}
