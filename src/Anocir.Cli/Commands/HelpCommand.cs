using Anocir.Cli.CommandLine;
using Anocir.Cli.Output;
using Anocir.Runtime.Errors;

namespace Anocir.Cli.Commands;

/// <summary><c>anocir help</c>.</summary>
internal static class HelpCommand
{
    private const int UnknownTopicStatus = 3; // as runc

    public static int Run(Arguments arguments)
    {
        string? name = arguments.Operand(0);
        StandardOutput.Write(name is not null && TopicTable.TryFind(name, out TopicInfo topic) ? HelpText.For(topic)
            : HelpText.For(name is null ? CommandId.Anocir : Find(name)));
        return 0;
    }

    /// <summary>The command of this name.</summary>
    public static CommandId Find(string name) => CommandTable.TryFind(name, out CommandId command)
        ? command
        : throw new ContainerException($"No help topic for '{name}'; hint: '{ProgramName.Current} help' lists the commands", UnknownTopicStatus);
}
