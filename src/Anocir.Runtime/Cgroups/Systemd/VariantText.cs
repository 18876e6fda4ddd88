using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Anocir.Runtime.Cgroups.Systemd;

/// <summary>
/// Reads a value in GVariant's text form, as the annotations <c>org.systemd.property.NAME</c> have it: <c>true</c>, <c>uint64 30</c>, <c>'text'</c>,
/// <c>['a', 'b']</c>, <c>[('/dev/null', 'rw')]</c>, <c>@as []</c>. Numbers without a type are int32, with a fraction double.
/// </summary>
internal sealed class VariantText
{
    private const int MaxDepth = 16;
    private readonly string _text;
    private int _at;

    private VariantText(string text) => _text = text;

    /// <summary>The value.</summary>
    /// <exception cref="FormatException">It is none; the message says what was expected where.</exception>
    public static DbusValue Parse(string text)
    {
        var parser = new VariantText(text);
        DbusValue value = parser.Value(null, 0);
        parser.SkipSpace();
        return parser._at == text.Length ? value : throw parser.Expected("the end");
    }

    private DbusValue Value(string? type, int depth)
    {
        SkipSpace();
        if (_at == _text.Length || depth > MaxDepth)
        {
            throw Expected("a value");
        }

        char c = _text[_at];
        switch (c)
        {
            case '@':
                int length = DbusType.Length(_text.AsSpan(_at + 1));
                string given = length > 0 ? _text.Substring(_at + 1, length) : throw Expected("a type after '@'");
                _at += length + 1;
                return Value(given, depth + 1);
            case '\'' or '"':
                return DbusValue.OfText(type is "o" or "g" ? type[0] : type is null or "s" ? 's' : throw Expected(type), Quoted());
            case '[':
                return Array(type, depth);
            case '(':
                return Tuple(type, depth);
            case '<':
                _at++;
                DbusValue inner = Value(null, depth + 1);
                Take('>');
                return DbusValue.Variant(inner);
        }

        if (char.IsAsciiDigit(c) || c is '-' or '+' or '.')
        {
            return Number(type ?? "");
        }

        string word = Word();
        return word switch
        {
            "true" or "false" => DbusValue.Boolean(word == "true"),
            "boolean" => Value("b", depth + 1),
            "byte" => Value("y", depth + 1),
            "int16" => Value("n", depth + 1),
            "uint16" => Value("q", depth + 1),
            "int32" => Value("i", depth + 1),
            "uint32" => Value("u", depth + 1),
            "int64" => Value("x", depth + 1),
            "uint64" => Value("t", depth + 1),
            "double" => Value("d", depth + 1),
            "string" => Value("s", depth + 1),
            "objectpath" => Value("o", depth + 1),
            "signature" => Value("g", depth + 1),
            _ => throw new FormatException($"expected a value, got '{word}'"),
        };
    }

    private DbusValue Array(string? type, int depth)
    {
        string? element = type is null ? null : type[0] == 'a' ? type[1..] : throw Expected(type);
        List<DbusValue> items = Items(']', _ => element, depth);
        foreach (DbusValue item in items)
        {
            element ??= item.Signature;
            if (item.Signature != element)
            {
                throw new FormatException("all elements of an array must have one type");
            }
        }

        return DbusValue.Array(element ?? throw new FormatException("an empty array needs a type, for example @as []"), [.. items]);
    }

    private DbusValue Tuple(string? type, int depth)
    {
        List<string>? members = type is null ? null : Members(type);
        List<DbusValue> items = Items(')', i => members is null ? null : i < members.Count ? members[i] : throw Expected("')'"), depth);
        return items.Count > 0 ? DbusValue.Struct([.. items]) : throw Expected("a member of the tuple");
    }

    private List<DbusValue> Items(char end, Func<int, string?> typeOf, int depth)
    {
        List<DbusValue> items = [];
        _at++;
        SkipSpace();
        while (_at < _text.Length && _text[_at] != end)
        {
            items.Add(Value(typeOf(items.Count), depth + 1));
            SkipSpace();
            if (_at < _text.Length && _text[_at] != end)
            {
                Take(',');
                SkipSpace();
            }
        }

        Take(end);
        return items;
    }

    private List<string> Members(string type)
    {
        List<string> members = [];
        ReadOnlySpan<char> rest = type[0] == '(' ? type.AsSpan(1, type.Length - 2) : throw Expected(type);
        while (!rest.IsEmpty)
        {
            int length = DbusType.Length(rest);
            members.Add(rest[..length].ToString());
            rest = rest[length..];
        }

        return members;
    }

    private DbusValue Number(string type)
    {
        int start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] is '+' or '-' or '.'))
        {
            _at++;
        }

        string word = _text[start.._at];
        bool isHex = word.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        if (type == "d" || (type.Length == 0 && !isHex && word.AsSpan().IndexOfAny(".eE") >= 0))
        {
            return double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double real)
                ? DbusValue.OfNumber('d', BitConverter.DoubleToUInt64Bits(real))
                : throw new FormatException($"'{word}' is no number");
        }

        Int128 min = type switch
        {
            "n" => short.MinValue,
            "" or "i" => int.MinValue,
            "x" => long.MinValue,
            "y" or "q" or "u" or "t" => Int128.Zero,
            _ => throw Expected(type),
        };
        Int128 max = type switch
        {
            "y" => byte.MaxValue,
            "n" => short.MaxValue,
            "q" => ushort.MaxValue,
            "" or "i" => int.MaxValue,
            "u" => uint.MaxValue,
            "x" => long.MaxValue,
            _ => ulong.MaxValue,
        };
        Int128 number = 0;
        bool parsed = word.Length > 1 && word[0] == '0' && !isHex ? TryOctal(word.AsSpan(1), out number) : isHex
            ? Int128.TryParse(word.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number)
            : Int128.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
        return !parsed ? throw new FormatException($"'{word}' is no number")
            : number < min || number > max ? throw new FormatException($"'{word}' is out of the range of its type{(type.Length == 0 ? " (int32)" : "")}")
            : DbusValue.OfNumber(type.Length == 0 ? 'i' : type[0], unchecked((ulong)number));
    }

    // A leading 0 is that of C, as in GLib and runc.
    private static bool TryOctal(ReadOnlySpan<char> digits, out Int128 number)
    {
        const int MaxDigits = 22; // 2^64 - 1
        number = 0;
        foreach (char digit in digits)
        {
            if (digit is < '0' or > '7' || digits.Length > MaxDigits)
            {
                return false;
            }

            number = (number * 8) + (digit - '0');
        }

        return true;
    }

    private string Quoted()
    {
        char quote = _text[_at++];
        var result = new StringBuilder();
        while (_at < _text.Length && _text[_at] != quote)
        {
            char c = _text[_at++];
            if (c == '\\' && _at < _text.Length)
            {
                AppendEscaped(result, _text[_at++]);
            }
            else
            {
                result.Append(c);
            }
        }

        Take(quote);
        string text = result.ToString();
        return text.Contains('\0', StringComparison.Ordinal) ? throw new FormatException("a text of D-Bus cannot hold the character NUL") : text;
    }

    // What runc's parser (godbus) makes of them: \v of GLib is a plain v there.
    private void AppendEscaped(StringBuilder result, char c)
    {
        switch (c)
        {
            case '\n': // the text goes on in the next line
                return;
            case 'u':
                result.Append(CodePoint(4));
                return;
            case 'U':
                result.Append(CodePoint(8));
                return;
            default:
                result.Append(c switch { 'a' => '\a', 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', _ => c });
                return;
        }
    }

    private Rune CodePoint(int digits)
    {
        ReadOnlySpan<char> number = _text.AsSpan(_at, Math.Min(digits, _text.Length - _at));
        string escape = $"'{_text.AsSpan(_at - 2, 2)}{number}'";
        if (number.Length < digits || !uint.TryParse(number, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint value))
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"expected {digits} hexadecimal digits in {escape}"));
        }

        _at += digits;
        return Rune.IsValid(value) ? new Rune(value) : throw new FormatException($"{escape} is no character of Unicode");
    }

    private string Word()
    {
        int start = _at;
        while (_at < _text.Length && char.IsAsciiLetterOrDigit(_text[_at]))
        {
            _at++;
        }

        return _at > start ? _text[start.._at] : throw Expected("a value");
    }

    private void Take(char c)
    {
        SkipSpace();
        if (_at == _text.Length || _text[_at] != c)
        {
            throw Expected($"'{c}'");
        }

        _at++;
    }

    private void SkipSpace()
    {
        while (_at < _text.Length && (_text[_at] is ' ' or '\t' or '\n'))
        {
            _at++;
        }
    }

    private FormatException Expected(string what) => new(string.Create(CultureInfo.InvariantCulture, $"expected {what} at character {_at + 1}"));
}
