using Anocir.Cli.CommandLine;
using Anocir.Runtime.Lifecycle;
using Anocir.Runtime.State;

namespace Anocir.Cli.Commands;

/// <summary><c>anocir restore</c>: exits as the container's program did.</summary>
internal static class RestoreCommand
{
    public static int Run(Arguments arguments)
    {
        ContainerId id = ContainerId.Parse(arguments.Operand(0)!);
        return RestoreOperation.Restore(arguments.Runtime, new RestoreOptions
        {
            Create = CreateArguments.Read(arguments, id),
            Checkpoint = CheckpointArguments.Read(arguments, id),
        });
    }
}
