using System.Text;
using Anocir.Cli.CommandLine;

namespace Anocir.Cli.Pages;

/// <summary>The completion script for bash; it needs nothing of the bash-completion package.</summary>
internal static class BashCompletion
{
    private const string Body = """
        _anocir() {
            local cur=${COMP_WORDS[COMP_CWORD]} command='' pending='' operands=0 kind='' words='' i word
            local -a root=()
            COMPREPLY=()
            [[ $cur != = ]] || cur=''
            for ((i = 1; i < COMP_CWORD; i++)); do
                word=${COMP_WORDS[i]}
                if [[ -n $pending ]]; then
                    [[ $word != = ]] || continue # --name=value is three words here
                    [[ $pending != --root ]] || root=(--root "$word")
                    pending=''
                elif [[ $word == -* ]]; then
                    ! _anocir_value "$command" "$word" || pending=$word
                elif [[ -z $command ]]; then
                    command=$word
                else
                    operands=$((operands + 1))
                fi
            done

            if [[ -n $pending ]]; then
                _anocir_value "$command" "$pending"
                case $kind in
                dir) mapfile -t COMPREPLY < <(compgen -d -- "$cur") && compopt -o filenames 2>/dev/null ;;
                file) mapfile -t COMPREPLY < <(compgen -f -- "$cur") && compopt -o filenames 2>/dev/null ;;
                *) mapfile -t COMPREPLY < <(compgen -W "$kind" -- "$cur") ;;
                esac
                return 0
            fi

            if [[ $cur != -* && $(_anocir_operands "$command" "$operands") == dir ]]; then
                mapfile -t COMPREPLY < <(compgen -d -- "$cur") && compopt -o filenames 2>/dev/null
                return 0
            fi

            if [[ $cur == -* ]]; then
                words=$(_anocir_options "$command")
            else
                words=$(_anocir_operands "$command" "$operands")
                if [[ $words == containers ]]; then
                    words=$("${COMP_WORDS[0]}" "${root[@]}" list --quiet 2>/dev/null)
                fi
            fi

            mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
        }

        complete -F _anocir anocir

        """;

    /// <summary>The whole script.</summary>
    public static string Text()
    {
        var text = new StringBuilder("# bash completion for anocir, made by 'anocir pages' from the tables of commands and options.\n\n");
        AppendValues(text);
        AppendOptions(text);
        AppendOperands(text);
        return text.Append(Body).ToString();
    }

    // Sets kind for an option that takes a value; fails for a flag.
    private static void AppendValues(StringBuilder text)
    {
        text.Append("_anocir_value() { # COMMAND OPTION\n    case \"$1 $2\" in\n");
        for (CommandId command = CommandId.Anocir; command < CommandId.Count; command++)
        {
            foreach (OptionId id in CommandTable.Get(command).Options)
            {
                OptionInfo option = OptionTable.Get(id);
                if (option.Kind != OptionKind.Flag && !CommandTable.Get(command).IsHidden)
                {
                    string letter = option.Letter == '\0' ? "" : $" | \"{Word(command)} -{option.Letter}\"";
                    text.Append($"    \"{Word(command)} --{option.Name}\"{letter}) kind='{ValueKind.Of(id)}' ;;\n");
                }
            }
        }

        text.Append("    *) return 1 ;;\n    esac\n}\n\n");
    }

    private static void AppendOptions(StringBuilder text)
    {
        text.Append("_anocir_options() { # COMMAND\n    case $1 in\n");
        for (CommandId command = CommandId.Anocir; command < CommandId.Count; command++)
        {
            if (CommandTable.Get(command).IsHidden)
            {
                continue;
            }

            text.Append($"    '{Word(command)}') echo '");
            foreach (OptionId id in CommandTable.Get(command).Options)
            {
                text.Append("--").Append(OptionTable.Get(id).Name).Append(' ');
            }

            text.Append("--help' ;;\n");
        }

        text.Append("    esac\n}\n\n");
    }

    private static void AppendOperands(StringBuilder text)
    {
        text.Append("_anocir_operands() { # COMMAND NUMBER-OF-THOSE-BEFORE\n    case \"$1 $2\" in\n    ' 0') echo '");
        for (CommandId command = CommandId.Anocir + 1; command < CommandId.Count; command++)
        {
            CommandInfo info = CommandTable.Get(command);
            text.Append(info.IsHidden ? "" : info.Name + " ");
        }

        text.Append("' ;;\n");
        for (CommandId command = CommandId.Anocir + 1; command < CommandId.Count; command++)
        {
            bool takesContainer = ValueKind.TakesContainer(command) && !CommandTable.Get(command).IsHidden;
            text.Append(takesContainer ? $"    '{Word(command)} 0') echo containers ;;\n" : "");
            if (ValueKind.OperandWords(command) is { } words)
            {
                text.Append($"    '{Word(command)} {(takesContainer ? 1 : 0)}') echo '{words}' ;;\n");
            }
        }

        text.Append("    esac\n}\n\n");
    }

    private static string Word(CommandId command) => command == CommandId.Anocir ? "" : CommandTable.Get(command).Name;
}
