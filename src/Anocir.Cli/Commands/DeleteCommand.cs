using Anocir.Cli.CommandLine;
using Anocir.Runtime.Lifecycle;
using Anocir.Runtime.State;

namespace Anocir.Cli.Commands;

/// <summary><c>anocir delete</c>.</summary>
internal static unsafe class DeleteCommand
{
    public static int Run(Arguments arguments) => ContainerSelection.ForEach(arguments, &DeleteOne);

    private static void DeleteOne(Arguments arguments, ContainerId id) =>
        DeleteOperation.Delete(arguments.Runtime, id, arguments.Has(OptionId.Force));
}
