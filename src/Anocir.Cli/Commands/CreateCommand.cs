using Anocir.Cli.CommandLine;
using Anocir.Runtime.Lifecycle;
using Anocir.Runtime.State;

namespace Anocir.Cli.Commands;

/// <summary><c>anocir create</c>.</summary>
internal static class CreateCommand
{
    public static int Run(Arguments arguments)
    {
        ContainerId id = ContainerId.Parse(arguments.Operand(0)!);
        CreateOperation.Create(arguments.Runtime, CreateArguments.Read(arguments, id));
        return 0;
    }
}
