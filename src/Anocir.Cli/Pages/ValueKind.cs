using Anocir.Cli.CommandLine;

namespace Anocir.Cli.Pages;

/// <summary>What a shell can propose for the value of an option or for an operand.</summary>
internal static class ValueKind
{
    /// <summary>A directory.</summary>
    public const string Directory = "dir";

    /// <summary>A file.</summary>
    public const string File = "file";

    /// <summary>Nothing: a number, a name of the user's choice.</summary>
    public const string Free = "";

    private const string Signals = "TERM KILL INT HUP QUIT STOP CONT USR1 USR2 WINCH";

    /// <summary><see cref="Directory"/>, <see cref="File"/>, <see cref="Free"/>, or the words that may stand there, with blanks between.</summary>
    public static string Of(OptionId id) => (id, OptionTable.Get(id).ValueName) switch
    {
        (OptionId.LogFormat, _) => "text json",
        (OptionId.LogLevel, _) => "error warning info debug",
        (OptionId.CgroupManager, _) => "cgroupfs systemd disabled",
        (OptionId.Rootless, _) => "true false auto",
        (OptionId.ListFormat, _) => "table json",
        (_, "DIR") => Directory,
        (_, "FILE" or "PATH") => File,
        _ => Free,
    };

    /// <summary>Whether the first operand of a command is the ID of a container that exists.</summary>
    public static bool TakesContainer(CommandId command) =>
        command is not (CommandId.Anocir or CommandId.Create or CommandId.Run or CommandId.Plan)
        && CommandTable.Get(command).Operands.Contains("CONTAINER-ID", System.StringComparison.Ordinal);

    /// <summary>Words for the last operand of a command, <see cref="Directory"/>, or null.</summary>
    public static string? OperandWords(CommandId command) => command switch
    {
        CommandId.Kill => Signals,
        CommandId.Check => Directory,
        CommandId.Help => Topics(),
        _ => null,
    };

    private static string Topics()
    {
        string words = "";
        for (CommandId id = CommandId.Anocir + 1; id < CommandId.Count; id++)
        {
            CommandInfo info = CommandTable.Get(id);
            words += info.IsHidden ? "" : info.Name + " ";
        }

        for (int i = 0; i < TopicTable.Count; i++)
        {
            words += TopicTable.Get(i).Name + " ";
        }

        return words.TrimEnd();
    }
}
