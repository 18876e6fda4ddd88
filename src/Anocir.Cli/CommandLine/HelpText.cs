using System;
using System.Text;

namespace Anocir.Cli.CommandLine;

/// <summary>Help, generated from the tables, in the sections of runc's.</summary>
internal static class HelpText
{
    private const string Indent = "   ";

    /// <summary>The help of a command (or of the program) as this call's program has it, ending in a newline.</summary>
    public static string For(CommandId command) => For(command, ProgramName.Current);

    /// <summary>The same for a program of another name, which stands also where the texts quote a command line.</summary>
    internal static string For(CommandId command, string program)
    {
        CommandInfo info = CommandTable.Get(command);
        bool isProgram = command == CommandId.Anocir;
        string name = isProgram ? program : program + " " + info.Name;
        var text = new StringBuilder();
        text.Append("NAME:\n").Append(Indent).Append(name).Append(" - ").Append(info.Summary).Append("\n\nUSAGE:\n").Append(Indent).Append(name);
        if (info.Operands.Length > 0)
        {
            text.Append(' ').Append(info.Operands);
        }

        text.Append('\n');
        AppendDetails(text, info.Details);
        if (isProgram)
        {
            AppendCommands(text);
            AppendTopics(text, program);
        }

        AppendOptions(text, isProgram ? "\nGLOBAL OPTIONS:\n" : "\nOPTIONS:\n", info.Options);
        return text.Replace("'" + ProgramName.Own + " ", "'" + program + " ").ToString();
    }

    /// <summary>The text of a topic, ending in a newline.</summary>
    public static string For(in TopicInfo topic) => topic.Name.ToUpperInvariant() + " - " + topic.Summary + "\n\n" + topic.Text + "\n";

    private static void AppendDetails(StringBuilder text, string? details)
    {
        if (details is null)
        {
            return;
        }

        text.Append("\nDESCRIPTION:\n");
        foreach (string line in details.Split('\n'))
        {
            text.Append(Indent).Append(line).Append('\n');
        }
    }

    private static void AppendCommands(StringBuilder text)
    {
        text.Append("\nCOMMANDS:\n");
        for (CommandId id = CommandId.Anocir + 1; id < CommandId.Count; id++)
        {
            CommandInfo info = CommandTable.Get(id);
            if (!info.IsHidden)
            {
                const int Width = 12;
                text.Append(Indent).Append(info.Name.PadRight(Width)).Append(info.Summary).Append('\n');
            }
        }
    }

    private static void AppendTopics(StringBuilder text, string program)
    {
        text.Append("\nTOPICS (").Append(program).Append(" help TOPIC):\n");
        for (int i = 0; i < TopicTable.Count; i++)
        {
            const int Width = 13;
            text.Append(Indent).Append(TopicTable.Get(i).Name.PadRight(Width)).Append(TopicTable.Get(i).Summary).Append('\n');
        }
    }

    private static void AppendOptions(StringBuilder text, string title, ReadOnlySpan<OptionId> options)
    {
        int width = Left(OptionTable.Get(OptionId.Help)).Length;
        foreach (OptionId id in options)
        {
            width = Math.Max(width, Left(OptionTable.Get(id)).Length);
        }

        text.Append(title);
        foreach (OptionId id in options)
        {
            AppendOption(text, OptionTable.Get(id), width);
        }

        AppendOption(text, OptionTable.Get(OptionId.Help), width);
    }

    private static void AppendOption(StringBuilder text, in OptionInfo option, int width)
    {
        text.Append(Indent).Append(Left(option).PadRight(width + 2)).Append(option.Help);
        if (option.Default is { } byDefault)
        {
            text.Append(" (default: ").Append(byDefault).Append(')');
        }

        text.Append('\n');
    }

    private static string Left(in OptionInfo option)
    {
        string value = option.ValueName is { } valueName ? " " + valueName : "";
        return "--" + option.Name + value + (option.Letter == '\0' ? "" : ", -" + option.Letter + value);
    }
}
