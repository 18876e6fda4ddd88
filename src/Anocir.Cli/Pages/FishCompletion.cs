using System;
using System.Text;
using Anocir.Cli.CommandLine;

namespace Anocir.Cli.Pages;

/// <summary>The completion script for fish.</summary>
internal static class FishCompletion
{
    private const string Functions = """
        # fish completion for anocir, made by 'anocir pages' from the tables of commands and options.

        function __anocir_containers
            set -l words (commandline -opc)
            set -l root
            if set -l at (contains -i -- --root $words)
                set root --root $words[(math $at + 1)]
            end
            $words[1] $root list --quiet 2>/dev/null
        end

        # The command on the line, after the global options and their values.
        function __anocir_command
            set -l words (commandline -opc)
            set -l skip 0
            for word in $words[2..]
                if test $skip = 1
                    set skip 0
                else if contains -- $word GLOBALS
                    set skip 1
                else if not string match -q -- '-*' $word
                    echo $word
                    return 0
                end
            end
            return 1
        end

        function __anocir_using
            set -l command (__anocir_command)
            and contains -- $command $argv
        end

        complete -c anocir -f

        """;

    /// <summary>The whole script.</summary>
    public static string Text()
    {
        var text = new StringBuilder(Functions.Replace("GLOBALS", GlobalsWithValue(), StringComparison.Ordinal));
        for (CommandId command = CommandId.Anocir; command < CommandId.Count; command++)
        {
            CommandInfo info = CommandTable.Get(command);
            if (info.IsHidden)
            {
                continue;
            }

            string condition = command == CommandId.Anocir ? "'not __anocir_command >/dev/null'" : $"'__anocir_using {info.Name}'";
            if (command != CommandId.Anocir)
            {
                text.Append($"complete -c anocir -n 'not __anocir_command >/dev/null' -a {info.Name} -d {Quote(info.Summary)}\n");
            }

            foreach (OptionId id in info.Options)
            {
                AppendOption(text, condition, id);
            }

            AppendOption(text, condition, OptionId.Help);
            AppendOperands(text, condition, command);
        }

        return text.ToString();
    }

    private static void AppendOption(StringBuilder text, string condition, OptionId id)
    {
        OptionInfo option = OptionTable.Get(id);
        text.Append($"complete -c anocir -n {condition} -l {option.Name}{(option.Letter == '\0' ? "" : " -s " + option.Letter)}");
        if (option.Kind != OptionKind.Flag)
        {
            text.Append(ValueKind.Of(id) switch
            {
                ValueKind.Directory => " -r -a '(__fish_complete_directories)'",
                ValueKind.File => " -r -F",
                ValueKind.Free => " -x",
                string words => $" -x -a '{words}'",
            });
        }

        text.Append($" -d {Quote(option.Help)}\n");
    }

    private static void AppendOperands(StringBuilder text, string condition, CommandId command)
    {
        if (ValueKind.TakesContainer(command))
        {
            text.Append($"complete -c anocir -n {condition} -a '(__anocir_containers)'\n");
        }

        if (ValueKind.OperandWords(command) is { } words)
        {
            text.Append($"complete -c anocir -n {condition} -a '{(words == ValueKind.Directory ? "(__fish_complete_directories)" : words)}'\n");
        }
    }

    private static string GlobalsWithValue()
    {
        string names = "";
        foreach (OptionId id in CommandTable.Get(CommandId.Anocir).Options)
        {
            OptionInfo option = OptionTable.Get(id);
            names += option.Kind == OptionKind.Flag ? "" : " --" + option.Name;
        }

        return names.TrimStart();
    }

    private static string Quote(string text) =>
        "'" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal) + "'";
}
