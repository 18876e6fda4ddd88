using System;
using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Anocir.Runtime.Json;

/// <summary>
/// Reads well-formed JSON (RFC 8259) token by token, as <see cref="Utf8JsonReader"/> does and with the same members. The library's reader prepares tables
/// for its first string that no command here needs, which costs a start more than reading the file (docs/measured-and-rejected.md). It stays the
/// judge: whatever is not plainly well-formed is given to it, and so every error is its own. Values with escapes or with more than ASCII are its, too.
/// </summary>
public ref struct JsonTokenReader
{
    private readonly ReadOnlySpan<byte> _json;
    private readonly int _maxDepth;
    private int _next;
    private int _depth;
    private Kinds _kinds;
    private Expected _expected;
    private bool _isAscii;

    /// <summary>Starts at the beginning of a document.</summary>
    /// <param name="json">The document, UTF-8.</param>
    /// <param name="maxDepth">Most containers inside each other, at most <see cref="DeepestPossible"/>.</param>
    public JsonTokenReader(ReadOnlySpan<byte> json, int maxDepth)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxDepth, DeepestPossible);
        _json = json;
        _maxDepth = maxDepth;
    }

    /// <summary>The bound of the constructor's maxDepth.</summary>
    public const int DeepestPossible = Kinds.Length * 64;

    private enum Expected
    {
        Value,
        NameOrEnd,
        ValueOrEnd,
        Name,
        CommaOrEnd,
    }

    /// <summary>Kind of the current token.</summary>
    public JsonTokenType TokenType { get; private set; }

    /// <summary>Offset of the current token, of its quote for strings and names.</summary>
    public int TokenStartIndex { get; private set; }

    /// <summary>The current token as it is written, without the quotes of strings and names.</summary>
    public ReadOnlySpan<byte> ValueSpan { get; private set; }

    /// <summary>Whether <see cref="ValueSpan"/> has a backslash in it.</summary>
    public bool ValueIsEscaped { get; private set; }

    /// <summary>Moves to the next token; false at the end of the document.</summary>
    /// <exception cref="JsonException">The text is not JSON, or nested too deeply.</exception>
    public bool Read()
    {
        SkipSpace();
        if (_next == _json.Length)
        {
            return _depth == 0 && _expected == Expected.CommaOrEnd ? false : throw Malformed();
        }

        byte first = _json[_next];
        if (_expected == Expected.CommaOrEnd)
        {
            if (_depth > 0 && first is (byte)'}' or (byte)']')
            {
                return End(first);
            }

            if (_depth == 0 || first != ',')
            {
                throw Malformed();
            }

            _next++;
            SkipSpace();
            if (_next == _json.Length)
            {
                throw Malformed();
            }

            first = _json[_next];
            _expected = _kinds.IsObject(_depth) ? Expected.Name : Expected.Value;
        }
        else if (first == (_expected switch { Expected.NameOrEnd => '}', Expected.ValueOrEnd => ']', _ => -1 }))
        {
            return End(first);
        }

        TokenStartIndex = _next;
        return _expected is Expected.Name or Expected.NameOrEnd ? Name(first) : Value(first);
    }

    /// <summary>Moves to the end of the value that the current token, or the name that it is, begins.</summary>
    public void Skip()
    {
        if (TokenType == JsonTokenType.PropertyName)
        {
            _ = Read();
        }

        if (TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            int outside = _depth - 1;
            while (_depth > outside)
            {
                _ = Read();
            }
        }
    }

    /// <summary>The text of a string or name, null for null.</summary>
    /// <exception cref="InvalidOperationException">It is no Unicode text, or another kind of token.</exception>
    public readonly string? GetString()
    {
        if (TokenType == JsonTokenType.Null)
        {
            return null;
        }

        return !ValueIsEscaped && _isAscii && TokenType is JsonTokenType.String or JsonTokenType.PropertyName
            ? Encoding.UTF8.GetString(ValueSpan)
            : Library().GetString();
    }

    /// <summary>The text of a string or name as UTF-8; the number of bytes.</summary>
    /// <exception cref="InvalidOperationException">It is no Unicode text, or another kind of token.</exception>
    public readonly int CopyString(Span<byte> destination) => Library().CopyString(destination);

    /// <summary>Whether a string or name is this text.</summary>
    public readonly bool ValueTextEquals(ReadOnlySpan<byte> text) =>
        ValueIsEscaped ? Library().ValueTextEquals(text) : ValueSpan.SequenceEqual(text);

    /// <summary>True or false.</summary>
    /// <exception cref="InvalidOperationException">It is another kind of token.</exception>
    public readonly bool GetBoolean() => TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw new InvalidOperationException("not true or false"),
    };

    /// <summary>An integer.</summary>
    /// <exception cref="InvalidOperationException">It is no number.</exception>
    /// <exception cref="FormatException">It is out of range or has a fraction or an exponent.</exception>
    public readonly int GetInt32() => Number() && TryGetInt32(out int value) ? value : throw new FormatException();

    /// <summary>An integer.</summary>
    /// <exception cref="InvalidOperationException">It is no number.</exception>
    /// <exception cref="FormatException">It is out of range or has a fraction or an exponent.</exception>
    public readonly ulong GetUInt64() => Number() && TryGetUInt64(out ulong value) ? value : throw new FormatException();

    /// <inheritdoc cref="GetUInt64"/>
    public readonly uint GetUInt32() => Number() && TryGetUInt32(out uint value) ? value : throw new FormatException();

    /// <summary>A number as an integer, when it is one in this range.</summary>
    public readonly bool TryGetUInt16(out ushort value) => Utf8Parser.TryParse(ValueSpan, out value, out int used) && used == ValueSpan.Length;

    /// <inheritdoc cref="TryGetUInt16"/>
    public readonly bool TryGetUInt32(out uint value) => Utf8Parser.TryParse(ValueSpan, out value, out int used) && used == ValueSpan.Length;

    /// <inheritdoc cref="TryGetUInt16"/>
    public readonly bool TryGetUInt64(out ulong value) => Utf8Parser.TryParse(ValueSpan, out value, out int used) && used == ValueSpan.Length;

    /// <inheritdoc cref="TryGetUInt16"/>
    public readonly bool TryGetInt32(out int value) => Utf8Parser.TryParse(ValueSpan, out value, out int used) && used == ValueSpan.Length;

    /// <inheritdoc cref="TryGetUInt16"/>
    public readonly bool TryGetInt64(out long value) => Utf8Parser.TryParse(ValueSpan, out value, out int used) && used == ValueSpan.Length;

    private readonly bool Number() => TokenType == JsonTokenType.Number ? true : throw new InvalidOperationException("not a number");

    private void SkipSpace()
    {
        while (_next < _json.Length && _json[_next] is (byte)' ' or (byte)'\n' or (byte)'\t' or (byte)'\r')
        {
            _next++;
        }
    }

    private bool Name(byte first)
    {
        if (first != '"')
        {
            throw Malformed();
        }

        String();
        SkipSpace();
        if (_next == _json.Length || _json[_next] != ':')
        {
            throw Malformed();
        }

        _next++;
        TokenType = JsonTokenType.PropertyName;
        _expected = Expected.Value;
        return true;
    }

    private bool Value(byte first)
    {
        switch (first)
        {
            case (byte)'"':
                String();
                TokenType = JsonTokenType.String;
                break;
            case (byte)'{':
                return Begin(JsonTokenType.StartObject, isObject: true, Expected.NameOrEnd);
            case (byte)'[':
                return Begin(JsonTokenType.StartArray, isObject: false, Expected.ValueOrEnd);
            case (byte)'t':
                Literal("true"u8, JsonTokenType.True);
                break;
            case (byte)'f':
                Literal("false"u8, JsonTokenType.False);
                break;
            case (byte)'n':
                Literal("null"u8, JsonTokenType.Null);
                break;
            default:
                Digits();
                break;
        }

        _expected = Expected.CommaOrEnd;
        return true;
    }

    private bool Begin(JsonTokenType type, bool isObject, Expected expected)
    {
        if (_depth == _maxDepth)
        {
            throw Malformed();
        }

        _kinds.Set(++_depth, isObject);
        TokenType = type;
        ValueIsEscaped = false;
        ValueSpan = _json.Slice(_next++, 1);
        _expected = expected;
        return true;
    }

    private bool End(byte bracket)
    {
        bool isObject = bracket == '}';
        if (_kinds.IsObject(_depth) != isObject)
        {
            throw Malformed();
        }

        _depth--;
        TokenType = isObject ? JsonTokenType.EndObject : JsonTokenType.EndArray;
        TokenStartIndex = _next;
        ValueIsEscaped = false;
        ValueSpan = _json.Slice(_next++, 1);
        _expected = Expected.CommaOrEnd;
        return true;
    }

    private void Literal(ReadOnlySpan<byte> word, JsonTokenType type)
    {
        if (!_json[_next..].StartsWith(word))
        {
            throw Malformed();
        }

        TokenType = type;
        ValueIsEscaped = false;
        ValueSpan = _json.Slice(_next, word.Length);
        _next += word.Length;
    }

    // From the quote at _next to behind the other one.
    private void String()
    {
        int start = _next + 1;
        bool escaped = false;
        int bits = 0;
        for (int i = start; i < _json.Length; i++)
        {
            byte c = _json[i];
            bits |= c;
            if (c == '"')
            {
                ValueSpan = _json[start..i];
                ValueIsEscaped = escaped;
                _isAscii = bits < 0x80;
                _next = i + 1;
                return;
            }

            if (c == '\\')
            {
                escaped = true;
                i += Escape(i + 1);
            }
            else if (c < ' ')
            {
                break;
            }
        }

        throw Malformed();
    }

    // The length of what stands behind a backslash.
    private readonly int Escape(int at)
    {
        const int HexDigits = 4;
        if (at < _json.Length && _json[at] is (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t')
        {
            return 1;
        }

        if (at + HexDigits >= _json.Length || _json[at] != 'u')
        {
            throw Malformed();
        }

        for (int i = 1; i <= HexDigits; i++)
        {
            if (!char.IsAsciiHexDigit((char)_json[at + i]))
            {
                throw Malformed();
            }
        }

        return 1 + HexDigits;
    }

    private void Digits()
    {
        int i = _next;
        i += _json[i] == '-' ? 1 : 0;
        int whole = i;
        i = AfterDigits(i);
        bool valid = i > whole && (_json[whole] != '0' || i == whole + 1);
        if (i < _json.Length && _json[i] == '.')
        {
            int fraction = i + 1;
            i = AfterDigits(fraction);
            valid &= i > fraction;
        }

        if (i < _json.Length && _json[i] is (byte)'e' or (byte)'E')
        {
            int exponent = i + 1;
            exponent += exponent < _json.Length && _json[exponent] is (byte)'+' or (byte)'-' ? 1 : 0;
            i = AfterDigits(exponent);
            valid &= i > exponent;
        }

        // A slash could begin a comment: an error of the next token.
        bool ends = i == _json.Length ? _depth == 0 : _json[i] is (byte)',' or (byte)'}' or (byte)']' or (byte)'/' or (byte)' ' or (byte)'\n' or (byte)'\t' or (byte)'\r';
        if (!valid || !ends)
        {
            throw Malformed();
        }

        TokenType = JsonTokenType.Number;
        ValueIsEscaped = false;
        ValueSpan = _json[_next..i];
        _next = i;
    }

    private readonly int AfterDigits(int at)
    {
        while (at < _json.Length && char.IsAsciiDigit((char)_json[at]))
        {
            at++;
        }

        return at;
    }

    // The library's reader on the current token alone.
    private readonly Utf8JsonReader Library()
    {
        bool quoted = TokenType is JsonTokenType.String or JsonTokenType.PropertyName;
        var reader = new Utf8JsonReader(_json.Slice(TokenStartIndex, ValueSpan.Length + (quoted ? 2 : 0)));
        _ = reader.Read();
        return reader;
    }

    // The library's own error.
    private readonly JsonException Malformed()
    {
        var reader = new Utf8JsonReader(_json, new JsonReaderOptions { MaxDepth = _maxDepth });
        try
        {
            while (reader.Read())
            {
            }
        }
        catch (JsonException e)
        {
            return e;
        }

        throw new InvalidOperationException($"the readers disagree about the JSON text at byte {TokenStartIndex}");
    }

    /// <summary>One bit for each open container: whether it is an object.</summary>
    [InlineArray(Length)]
    private struct Kinds
    {
        public const int Length = 8;

        private ulong _first;

        public readonly bool IsObject(int depth) => (this[(depth - 1) >> 6] & (1UL << (depth - 1))) != 0;

        public void Set(int depth, bool isObject)
        {
            ulong bit = 1UL << (depth - 1);
            ref ulong word = ref this[(depth - 1) >> 6];
            word = isObject ? word | bit : word & ~bit;
        }
    }
}
