using Anocir.Cli.CommandLine;
using Anocir.Runtime.Lifecycle;
using Anocir.Runtime.State;

namespace Anocir.Cli.Commands;

/// <summary><c>anocir resume</c>.</summary>
internal static class ResumeCommand
{
    public static int Run(Arguments arguments)
    {
        PauseOperation.Resume(arguments.Runtime, ContainerId.Parse(arguments.Operand(0)!));
        return 0;
    }
}
