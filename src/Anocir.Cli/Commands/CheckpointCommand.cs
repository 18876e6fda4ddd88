using Anocir.Cli.CommandLine;
using Anocir.Runtime.Lifecycle;
using Anocir.Runtime.State;

namespace Anocir.Cli.Commands;

/// <summary><c>anocir checkpoint</c>.</summary>
internal static class CheckpointCommand
{
    public static int Run(Arguments arguments)
    {
        CheckpointOperation.Checkpoint(arguments.Runtime, CheckpointArguments.Read(arguments, ContainerId.Parse(arguments.Operand(0)!)));
        return 0;
    }
}
