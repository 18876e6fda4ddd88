using Anocir.Cli.CommandLine;
using Anocir.Cli.Output;
using Anocir.Runtime.Lifecycle;
using Anocir.Runtime.State;

namespace Anocir.Cli.Commands;

/// <summary><c>anocir events</c>.</summary>
internal static class EventsCommand
{
    public static int Run(Arguments arguments)
    {
        ContainerId id = ContainerId.Parse(arguments.Operand(0)!);
        int interval = Durations.ParseInterval(arguments.Path(OptionId.EventsInterval) ?? "5s");
        if (arguments.Has(OptionId.Stats))
        {
            StandardOutput.Write(EventsOperation.Once(arguments.Runtime, id).Span);
        }
        else
        {
            EventsOperation.Follow(arguments.Runtime, id, interval, static line => StandardOutput.Write(line.Span));
        }

        return 0;
    }
}
