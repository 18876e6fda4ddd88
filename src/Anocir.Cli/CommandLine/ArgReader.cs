using System;

namespace Anocir.Cli.CommandLine;

/// <summary>
/// Splits arguments into options and operands by runc's rules (urfave/cli): one or two dashes before a name of any length,
/// <c>--name=value</c> or <c>--name value</c> (the value may start with a dash), <c>--flag=false</c>, <c>--</c> ends the options,
/// options may follow operands unless the command says otherwise, and no splitting of <c>-abc</c>.
/// </summary>
internal ref struct ArgReader
{
    private readonly CommandId _command;
    private readonly ReadOnlySpan<OptionId> _options;
    private readonly int _stopAfter;
    private readonly string[] _args;
    private int _next;
    private int _operands;
    private bool _onlyOperands;

    /// <summary>Reads <paramref name="args"/> from index <paramref name="start"/> on as those of a command.</summary>
    public ArgReader(CommandId command, string[] args, int start)
    {
        CommandInfo info = CommandTable.Get(command);
        _command = command;
        _options = info.Options;
        _stopAfter = info.StopAfter;
        _args = args;
        _next = start;
    }

    /// <summary>The option found, when <see cref="IsOption"/>.</summary>
    public OptionId Option { get; private set; }

    /// <summary>Whether the last <see cref="Read"/> found an option, else an operand.</summary>
    public bool IsOption { get; private set; }

    /// <summary>The operand, or the option's value (<c>true</c> or <c>false</c> for a flag).</summary>
    public string Value { get; private set; } = "";

    /// <summary>Index of the argument after what was read.</summary>
    public readonly int Position => _next;

    /// <summary>Moves to the next option or operand; false at the end.</summary>
    public bool Read()
    {
        bool stopped = _stopAfter > 0 && _operands >= _stopAfter;
        if (_next < _args.Length && !_onlyOperands && !stopped && _args[_next] == "--")
        {
            _next++;
            _onlyOperands = true;
        }

        if (_next >= _args.Length)
        {
            return false;
        }

        string arg = _args[_next++];
        IsOption = !_onlyOperands && !stopped && LooksLikeOption(arg);
        if (IsOption)
        {
            ReadOption(arg);
        }
        else
        {
            _operands++;
            Value = arg;
        }

        return true;
    }

    // "-" and "-5" are operands; after "-5" runc takes nothing for an option any more.
    private bool LooksLikeOption(string arg)
    {
        if (arg.Length < 2 || arg[0] != '-')
        {
            return false;
        }

        if (arg[1] == '-' || char.IsAsciiLetter(arg[1]) || arg == "-?")
        {
            return true;
        }

        _onlyOperands = true;
        return false;
    }

    // The last two are crun's.
    private static bool IsHelp(ReadOnlySpan<char> name) => Matches(OptionTable.Get(OptionId.Help), name) || name is "?" or "usage";

    private void ReadOption(string arg)
    {
        ReadOnlySpan<char> name = arg.AsSpan(arg[1] == '-' ? 2 : 1);
        int equals = name.IndexOf('=');
        string? value = null;
        if (equals >= 0)
        {
            value = name[(equals + 1)..].ToString();
            name = name[..equals];
        }

        OptionInfo info = Find(name);
        if (info.Kind == OptionKind.Flag)
        {
            Value = ParseFlag(value, info.Name);
            return;
        }

        if (value is null && _next == _args.Length)
        {
            // Podman's probe for option support looks for this text.
            throw new UsageException(_command, "flag needs an argument: " + arg);
        }

        Value = value ?? _args[_next++];
        if (info.Kind == OptionKind.Number && !Numbers.TryParse(Value, out _))
        {
            throw new UsageException(_command, $"invalid value \"{Value}\" for flag -{info.Name}: must be a whole number, 0 or more");
        }
    }

    private OptionInfo Find(ReadOnlySpan<char> name)
    {
        foreach (OptionId id in _options)
        {
            OptionInfo info = OptionTable.Get(id);
            if (Matches(info, name))
            {
                Option = id;
                return info;
            }
        }

        if (IsHelp(name))
        {
            Option = OptionId.Help;
            return OptionTable.Get(OptionId.Help);
        }

        if (name is "V" && _command == CommandId.Anocir) // crun's
        {
            Option = OptionId.Version;
            return OptionTable.Get(OptionId.Version);
        }

        throw new UsageException(_command, UnknownOption(name));
    }

    private static bool Matches(in OptionInfo info, ReadOnlySpan<char> name) =>
        name.Length == 1 ? info.Letter == name[0] : name.SequenceEqual(info.Name);

    private readonly string UnknownOption(ReadOnlySpan<char> name)
    {
        string text = $"flag provided but not defined: -{name}";
        foreach (OptionId id in CommandTable.Get(CommandId.Anocir).Options)
        {
            if (_command != CommandId.Anocir && Matches(OptionTable.Get(id), name))
            {
                return text + "; hint: it is a global option, put it before the command";
            }
        }

        return text;
    }

    private readonly string ParseFlag(string? value, string name) => value switch
    {
        null or "" or "1" or "t" or "T" or "true" or "TRUE" or "True" => "true",
        "0" or "f" or "F" or "false" or "FALSE" or "False" => "false",
        _ => throw new UsageException(_command, $"invalid boolean value \"{value}\" for -{name}: must be true or false"),
    };
}
