using System;
using Anocir.Cli.CommandLine;

namespace Anocir.Cli.Pages;

/// <summary>Manual pages, from the same tables as the help: anocir(1), and one page for each command.</summary>
internal static class ManPage
{
    /// <summary>Name of the page of a command, without the section.</summary>
    public static string NameOf(CommandId command) =>
        command == CommandId.Anocir ? "anocir" : "anocir-" + CommandTable.Get(command).Name;

    /// <summary>The source of the page of a command; <paramref name="date"/> is that of its footer.</summary>
    public static string For(CommandId command, DateTimeOffset date)
    {
        CommandInfo info = CommandTable.Get(command);
        bool isProgram = command == CommandId.Anocir;
        string name = NameOf(command);
        RoffText text = new RoffText()
            .Title(name, 1, date)
            .Macro("SH", "NAME").Line(name + " - " + info.Summary)
            .Macro("SH", "SYNOPSIS").Macro("B", name.Replace('-', ' ')).Line(info.Operands.Length == 0 ? "[OPTIONS]" : info.Operands);
        if (info.Details is { } details)
        {
            _ = text.Macro("SH", "DESCRIPTION").Paragraphs(details);
        }

        if (isProgram)
        {
            AddCommands(text);
        }

        _ = text.Macro("SH", isProgram ? "GLOBAL OPTIONS" : "OPTIONS");
        foreach (OptionId id in info.Options)
        {
            AddOption(text, OptionTable.Get(id));
        }

        AddOption(text, OptionTable.Get(OptionId.Help));
        if (isProgram)
        {
            AddTopics(text);
        }
        else
        {
            _ = text.Macro("SH", "SEE ALSO").Macro("BR", "anocir", "(1)");
        }

        return text.ToString();
    }

    /// <summary>The source of the page of a topic that has one, section 7.</summary>
    public static string For(in TopicInfo topic, DateTimeOffset date) => new RoffText()
        .Title("anocir-" + topic.Name, 7, date)
        .Macro("SH", "NAME").Line($"anocir-{topic.Name} - {topic.Summary}")
        .Macro("SH", "DESCRIPTION").Paragraphs(topic.Text)
        .Macro("SH", "SEE ALSO").Macro("BR", "anocir", "(1)")
        .ToString();

    private static void AddCommands(RoffText text)
    {
        _ = text.Macro("SH", "COMMANDS");
        for (CommandId id = CommandId.Anocir + 1; id < CommandId.Count; id++)
        {
            CommandInfo info = CommandTable.Get(id);
            if (!info.IsHidden)
            {
                _ = text.Macro("TP").Macro("BR", NameOf(id), "(1)").Line(info.Summary);
            }
        }
    }

    private static void AddTopics(RoffText text)
    {
        for (int i = 0; i < TopicTable.Count; i++)
        {
            TopicInfo topic = TopicTable.Get(i);
            if (topic.HasPage)
            {
                continue;
            }

            _ = text.Macro("SH", topic.Name.Replace('-', ' ').ToUpperInvariant()).Paragraphs(topic.Text);
        }

        _ = text.Macro("SH", "SEE ALSO").Macro("BR", "anocir-errors", "(7),").Macro("BR", "runc", "(8),").Macro("BR", "crun", "(1)")
            .Macro("PP").Line("The Open Container Initiative's runtime specification: https://github.com/opencontainers/runtime-spec");
    }

    private static void AddOption(RoffText text, in OptionInfo option)
    {
        string letter = option.Letter == '\0' ? "" : "-" + option.Letter;
        string value = option.ValueName is { } valueName ? " " + valueName : "";
        _ = text.Macro("TP").Macro("B", (letter.Length == 0 ? "" : letter + ", ") + "--" + option.Name + value);
        _ = text.Line(option.Help + (option.Default is { } byDefault ? $" (default: {byDefault})" : ""));
    }
}
