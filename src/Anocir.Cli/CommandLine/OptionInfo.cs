namespace Anocir.Cli.CommandLine;

/// <summary>What an option takes.</summary>
internal enum OptionKind : byte
{
    /// <summary>Nothing, or <c>=true</c> / <c>=false</c>.</summary>
    Flag,

    /// <summary>Any text.</summary>
    Text,

    /// <summary>A whole number, 0 or more.</summary>
    Number,
}

/// <summary>One row of <see cref="OptionTable"/>.</summary>
internal readonly struct OptionInfo
{
    /// <summary>A flag.</summary>
    public OptionInfo(string name, string help, char letter = '\0')
    {
        Name = name;
        Help = help;
        Letter = letter;
    }

    /// <summary>An option with a value.</summary>
    public OptionInfo(string name, string valueName, string help, string? byDefault = null, char letter = '\0', OptionKind kind = OptionKind.Text)
        : this(name, help, letter)
    {
        ValueName = valueName;
        Default = byDefault;
        Kind = kind;
    }

    /// <summary>Long name, without dashes.</summary>
    public string Name { get; }

    /// <summary>One-letter name, or NUL.</summary>
    public char Letter { get; }

    /// <summary>What it takes.</summary>
    public OptionKind Kind { get; }

    /// <summary>Name of the value in help texts; null for a flag.</summary>
    public string? ValueName { get; }

    /// <summary>Value if not given, as help shows it; null when that goes without saying.</summary>
    public string? Default { get; }

    /// <summary>What it does, one line.</summary>
    public string Help { get; }
}
