using Anocir.Cli.CommandLine;
using Anocir.Cli.Output;
using Anocir.Runtime.Lifecycle;
using Anocir.Runtime.State;

namespace Anocir.Cli.Commands;

/// <summary><c>anocir plan</c>.</summary>
internal static class PlanCommand
{
    public static int Run(Arguments arguments)
    {
        ContainerId id = ContainerId.Parse(arguments.Operand(0) ?? "CONTAINER-ID");
        StandardOutput.Write(PlanDump.Render(arguments.Runtime, CreateArguments.Read(arguments, id), arguments.Has(OptionId.Json)).Span);
        return 0;
    }
}
