using System;
using System.Text;
using Anocir.Cli.CommandLine;

namespace Anocir.Cli.Pages;

/// <summary>The completion function for zsh.</summary>
internal static class ZshCompletion
{
    private const string Functions = """
        #compdef anocir
        # zsh completion for anocir, made by 'anocir pages' from the tables of commands and options.

        _anocir_containers() {
            local -a root containers
            (( ${+opt_args[--root]} )) && root=(--root ${opt_args[--root]})
            containers=(${(f)"$(_call_program containers anocir $root list --quiet 2>/dev/null)"})
            compadd -a containers
        }

        _anocir() {
            local context state state_descr line ret=1
            typeset -A opt_args

        """;

    /// <summary>The whole file, <c>_anocir</c>.</summary>
    public static string Text()
    {
        var text = new StringBuilder(Functions);
        text.Append("    _arguments -C");
        AppendOptions(text, CommandId.Anocir);
        text.Append(" \\\n        '1:command:->command' '*::argument:->argument' && ret=0\n    case $state in\n    command)\n        local -a commands=(\n");
        for (CommandId command = CommandId.Anocir + 1; command < CommandId.Count; command++)
        {
            CommandInfo info = CommandTable.Get(command);
            text.Append(info.IsHidden ? "" : $"            {Quote(info.Name + ":" + info.Summary)}\n");
        }

        text.Append("        )\n        _describe command commands && ret=0\n        ;;\n    argument)\n        case $line[1] in\n");
        for (CommandId command = CommandId.Anocir + 1; command < CommandId.Count; command++)
        {
            if (!CommandTable.Get(command).IsHidden)
            {
                text.Append($"        {CommandTable.Get(command).Name}) _arguments");
                AppendOptions(text, command);
                AppendOperands(text, command);
                text.Append(" && ret=0 ;;\n");
            }
        }

        return text.Append("        esac\n        ;;\n    esac\n    return ret\n}\n\n_anocir \"$@\"\n").ToString();
    }

    private static void AppendOptions(StringBuilder text, CommandId command)
    {
        foreach (OptionId id in CommandTable.Get(command).Options)
        {
            AppendOption(text, id);
        }

        AppendOption(text, OptionId.Help);
    }

    private static void AppendOption(StringBuilder text, OptionId id)
    {
        OptionInfo option = OptionTable.Get(id);
        string value = option.Kind == OptionKind.Flag ? "" : ":" + Escape(option.ValueName!) + ":" + ValueKind.Of(id) switch
        {
            ValueKind.Directory => "_directories",
            ValueKind.File => "_files",
            ValueKind.Free => " ",
            string words => "(" + words + ")",
        };
        string description = "[" + Escape(option.Help) + "]" + value;
        string equals = option.Kind == OptionKind.Flag ? "" : "=";
        text.Append(" \\\n            ").Append(Quote($"--{option.Name}{equals}{description}"));
        if (option.Letter != '\0')
        {
            text.Append(' ').Append(Quote($"-{option.Letter}{description}"));
        }
    }

    private static void AppendOperands(StringBuilder text, CommandId command)
    {
        bool takesContainer = ValueKind.TakesContainer(command);
        text.Append(takesContainer ? " \\\n            '1:container:_anocir_containers'" : "");
        if (ValueKind.OperandWords(command) is { } words)
        {
            string action = words == ValueKind.Directory ? "_directories" : "(" + words + ")";
            text.Append($" \\\n            '{(takesContainer ? 2 : 1)}:word:{action}'");
        }
    }

    // What _arguments takes for itself.
    private static string Escape(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("[", "\\[", StringComparison.Ordinal)
        .Replace("]", "\\]", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal);

    private static string Quote(string text) => "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
