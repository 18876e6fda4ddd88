using Anocir.Cli.CommandLine;
using Anocir.Cli.Output;
using Anocir.Runtime.Lifecycle;
using Anocir.Runtime.State;

namespace Anocir.Cli.Commands;

/// <summary><c>anocir state</c>.</summary>
internal static class StateCommand
{
    public static int Run(Arguments arguments)
    {
        ContainerSnapshot container = StateQuery.Get(arguments.Runtime, ContainerId.Parse(arguments.Operand(0)!));
        StandardOutput.Write(StateDocument.ForState(container.Record, container.Status).Span);
        return 0;
    }
}
