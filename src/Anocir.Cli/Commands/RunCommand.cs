using Anocir.Cli.CommandLine;
using Anocir.Runtime.Lifecycle;
using Anocir.Runtime.State;

namespace Anocir.Cli.Commands;

/// <summary><c>anocir run</c>: exits as the container's program did.</summary>
internal static class RunCommand
{
    public static int Run(Arguments arguments)
    {
        ContainerId id = ContainerId.Parse(arguments.Operand(0)!);
        return RunOperation.Run(arguments.Runtime, CreateArguments.Read(arguments, id));
    }
}
