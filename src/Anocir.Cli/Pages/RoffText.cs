using System;
using System.Globalization;
using System.Text;
using Anocir.Runtime;

namespace Anocir.Cli.Pages;

/// <summary>Text as man(7) source: what troff would take for a request or an escape is quoted.</summary>
internal sealed class RoffText
{
    private readonly StringBuilder _text = new();

    /// <summary>The title line of a page; mandoc knows a date only without quoted hyphens.</summary>
    public RoffText Title(string name, int section, DateTimeOffset date)
    {
        _text.Append(CultureInfo.InvariantCulture, $".TH {name.ToUpperInvariant()} {section} {date:yyyy-MM-dd} \"anocir {BuildInfo.Version}\"\n");
        return this;
    }

    /// <summary>A macro with its arguments, each quoted: <c>.SH "SEE ALSO"</c>.</summary>
    public RoffText Macro(string name, params ReadOnlySpan<string> arguments)
    {
        _text.Append('.').Append(name);
        foreach (string argument in arguments)
        {
            _text.Append(" \"").Append(Quote(argument).Replace("\"", "\\(dq", StringComparison.Ordinal)).Append('"');
        }

        _text.Append('\n');
        return this;
    }

    /// <summary>One line of text.</summary>
    public RoffText Line(string line)
    {
        if (line.Length > 0 && line[0] is '.' or '\'')
        {
            _text.Append("\\&");
        }

        _text.Append(Quote(line)).Append('\n');
        return this;
    }

    /// <summary>Paragraphs with an empty line between; lines that begin with four blanks are kept as they are.</summary>
    public RoffText Paragraphs(string text)
    {
        bool isLiteral = false;
        bool startsParagraph = false;
        foreach (string line in text.Split('\n'))
        {
            bool indented = line.StartsWith("    ", StringComparison.Ordinal);
            if (isLiteral && !indented)
            {
                _ = Macro("EE").Macro("RE");
                isLiteral = false;
            }

            if (line.Length == 0)
            {
                startsParagraph = true;
                continue;
            }

            if (startsParagraph && !isLiteral)
            {
                _ = Macro("PP");
            }

            startsParagraph = false;
            if (indented && !isLiteral)
            {
                _ = Macro("RS", "4").Macro("EX");
                isLiteral = true;
            }

            _ = Line(indented ? line[4..] : line);
        }

        return isLiteral ? Macro("EE").Macro("RE") : this;
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    // Hyphens of options are minus signs, so that they can be searched for and copied.
    private static string Quote(string text)
    {
        var quoted = new StringBuilder();
        foreach (char c in text)
        {
            _ = c switch
            {
                '\\' => quoted.Append("\\e"),
                '-' => quoted.Append("\\-"),
                '\'' => quoted.Append("\\(aq"),
                '`' => quoted.Append("\\(ga"),
                '~' => quoted.Append("\\(ti"),
                '^' => quoted.Append("\\(ha"),
                > '\x7e' => quoted.Append(CultureInfo.InvariantCulture, $"\\[u{(int)c:X4}]"),
                _ => quoted.Append(c),
            };
        }

        return quoted.ToString();
    }
}
