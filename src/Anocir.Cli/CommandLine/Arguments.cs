using System.Collections.Generic;
using Anocir.Runtime.Lifecycle;

namespace Anocir.Cli.CommandLine;

/// <summary>The options and operands of one command, parsed and counted.</summary>
internal sealed class Arguments
{
    private readonly string?[] _values = new string?[(int)OptionId.Count];
    private readonly List<(OptionId Option, string Value)> _all = [];
    private readonly string[] _operands;

    private Arguments(CommandId command, int maxOperands)
    {
        Command = command;
        _operands = new string[maxOperands];
    }

    /// <summary>The command.</summary>
    public CommandId Command { get; }

    /// <summary>Number of operands.</summary>
    public int Count { get; private set; }

    /// <summary>Index in the argument array of what follows the last operand or option read.</summary>
    public int End { get; private set; }

    /// <summary>The global options in their effective form; set before a command runs.</summary>
    public RuntimeOptions Runtime { get; set; } = null!;

    /// <summary>Parses the global options up to the command, which becomes the only operand.</summary>
    public static Arguments ParseGlobal(string[] args)
    {
        var result = new Arguments(CommandId.Anocir, 1);
        var reader = new ArgReader(CommandId.Anocir, args, 0);
        while (result.Count == 0 && reader.Read())
        {
            result.Take(ref reader);
        }

        result.End = reader.Position;
        return result;
    }

    /// <summary>Parses a command's arguments from index <paramref name="start"/> on.</summary>
    public static Arguments Parse(CommandId command, string[] args, int start)
    {
        var result = new Arguments(command, args.Length - start);
        var reader = new ArgReader(command, args, start);
        while (reader.Read())
        {
            result.Take(ref reader);
        }

        result.End = reader.Position;
        if (!result.Has(OptionId.Help))
        {
            result.CheckCount();
        }

        return result;
    }

    /// <summary>Whether a flag is set.</summary>
    public bool Has(OptionId option) => _values[(int)option] == "true";

    /// <summary>The value of an option, or null.</summary>
    public string? Text(OptionId option) => _values[(int)option];

    /// <summary>All values of an option that can be repeated, in order.</summary>
    public string[] Texts(OptionId option)
    {
        var texts = new List<string>();
        foreach ((OptionId id, string value) in _all)
        {
            if (id == option)
            {
                texts.Add(value);
            }
        }

        return [.. texts];
    }

    /// <summary>The operands from an index on.</summary>
    public string[] OperandsFrom(int index) => index < Count ? _operands[index..Count] : [];

    /// <summary>The value of an option that may not be empty: an empty one counts as not given, as in runc.</summary>
    public string? Path(OptionId option) => _values[(int)option] is { Length: > 0 } path ? path : null;

    /// <summary>The value of a number option, or 0.</summary>
    public int Number(OptionId option) => _values[(int)option] is { } text && Numbers.TryParse(text, out int value) ? value : 0;

    /// <summary>An operand, or null.</summary>
    public string? Operand(int index) => index < Count ? _operands[index] : null;

    private void Take(ref ArgReader reader)
    {
        if (reader.IsOption)
        {
            _values[(int)reader.Option] = reader.Value;
            _all.Add((reader.Option, reader.Value));
        }
        else
        {
            _operands[Count++] = reader.Value;
        }
    }

    private void CheckCount()
    {
        CommandInfo info = CommandTable.Get(Command);
        if (Count >= info.MinOperands && Count <= info.MaxOperands)
        {
            return;
        }

        string rule = info.MinOperands == info.MaxOperands ? "exactly " + info.MinOperands
            : Count < info.MinOperands ? "a minimum of " + info.MinOperands
            : "a maximum of " + info.MaxOperands;
        throw new UsageException(Command, $"{ProgramName.Current}: \"{info.Name}\" requires {rule} argument(s)");
    }
}
