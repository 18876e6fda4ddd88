using System;

namespace Anocir.Cli.CommandLine;

/// <summary>One row of <see cref="CommandTable"/>.</summary>
internal readonly unsafe ref struct CommandInfo
{
    /// <summary>Word on the command line.</summary>
    public required string Name { get; init; }

    /// <summary>What it does, one line.</summary>
    public required string Summary { get; init; }

    /// <summary>Operands as the usage line shows them.</summary>
    public required string Operands { get; init; }

    /// <summary>Further help; lines are already broken.</summary>
    public string Details { get; init; }

    /// <summary>Options besides --help.</summary>
    public ReadOnlySpan<OptionId> Options { get; init; }

    /// <summary>Least number of operands.</summary>
    public int MinOperands { get; init; }

    /// <summary>Greatest number of operands.</summary>
    public int MaxOperands { get; init; }

    /// <summary>After this many operands everything is an operand; 0 = options may stand anywhere.</summary>
    public int StopAfter { get; init; }

    /// <summary>Not shown in the list of commands.</summary>
    public bool IsHidden { get; init; }

    /// <summary>The code; returns the exit status.</summary>
    public delegate*<Arguments, int> Run { get; init; }
}
