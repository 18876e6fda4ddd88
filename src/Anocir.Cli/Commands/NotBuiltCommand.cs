using Anocir.Cli.CommandLine;
using Anocir.Runtime.Errors;

namespace Anocir.Cli.Commands;

/// <summary>What runc has and anocir has not yet: known, with a help that says so, and refused by name whatever its options are.</summary>
internal static class NotBuiltCommand
{
    public static int Run(Arguments arguments) =>
        throw new ContainerException($"command '{CommandTable.Get(arguments.Command).Name}' is not built yet");
}
