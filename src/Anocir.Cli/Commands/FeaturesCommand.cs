using Anocir.Cli.CommandLine;
using Anocir.Runtime.Errors;

namespace Anocir.Cli.Commands;

/// <summary><c>anocir features</c>.</summary>
internal static class FeaturesCommand
{
    public static int Run(Arguments arguments) => throw new ContainerException("command 'features' is not built yet");
}
