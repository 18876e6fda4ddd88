using Anocir.Cli.CommandLine;
using Anocir.Runtime.Errors;

namespace Anocir.Cli.Commands;

/// <summary><c>anocir spec</c>.</summary>
internal static class SpecCommand
{
    public static int Run(Arguments arguments) => throw new ContainerException("command 'spec' is not built yet");
}
