using Anocir.Cli.CommandLine;
using Anocir.Runtime.Lifecycle;
using Anocir.Runtime.State;

namespace Anocir.Cli.Commands;

/// <summary><c>anocir pause</c>.</summary>
internal static class PauseCommand
{
    public static int Run(Arguments arguments)
    {
        PauseOperation.Pause(arguments.Runtime, ContainerId.Parse(arguments.Operand(0)!));
        return 0;
    }
}
