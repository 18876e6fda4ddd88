using Anocir.Cli.CommandLine;
using Anocir.Runtime.Lifecycle;
using Anocir.Runtime.State;

namespace Anocir.Cli.Commands;

/// <summary><c>anocir start</c>.</summary>
internal static class StartCommand
{
    public static int Run(Arguments arguments)
    {
        StartOperation.Start(arguments.Runtime, ContainerId.Parse(arguments.Operand(0)!), CreateArguments.NotifySocket());
        return 0;
    }
}
