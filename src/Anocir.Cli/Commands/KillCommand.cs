using Anocir.Cli.CommandLine;
using Anocir.Runtime.Lifecycle;
using Anocir.Runtime.State;

namespace Anocir.Cli.Commands;

/// <summary><c>anocir kill</c>.</summary>
internal static unsafe class KillCommand
{
    public static int Run(Arguments arguments)
    {
        _ = Signal(arguments);
        return ContainerSelection.ForEach(arguments, &KillOne);
    }

    private static void KillOne(Arguments arguments, ContainerId id) =>
        KillOperation.Kill(arguments.Runtime, id, Signal(arguments), arguments.Has(OptionId.All));

    private static int Signal(Arguments arguments) =>
        arguments.Operand(1) is { Length: > 0 } name ? SignalName.Parse(name) : SignalName.Term;
}
