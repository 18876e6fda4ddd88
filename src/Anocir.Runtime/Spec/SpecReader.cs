using System;
using System.Collections.Generic;
using System.Text;
using System.Text.Json;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Json;

namespace Anocir.Runtime.Spec;

/// <summary>
/// Walks config.json once with a <see cref="JsonTokenReader"/>; the other parts of this struct hold one method for each object
/// of the model. Nothing is recorded for messages while all is well: an error knows only where its token starts, and
/// <see cref="JsonLocation"/> walks the text a second time to name the property.
/// </summary>
internal ref partial struct SpecReader
{
    // Far above any real config, and low enough that the reader's nesting bits stay small.
    private const int MaxDepth = 512;

    private readonly ReadOnlySpan<byte> _json;
    private JsonTokenReader _reader;

    // Name of the property whose value is the current token.
    private ReadOnlySpan<byte> _name;

    // Where the document stands in a config: "" or "process".
    private string _place = "";

    public SpecReader(ReadOnlySpan<byte> json)
    {
        _json = json;
        _reader = new JsonTokenReader(json, MaxDepth);
    }

    /// <summary>Where the current token starts, for messages about wrong JSON text.</summary>
    public readonly long TokenStart => _reader.TokenStartIndex;

    /// <summary>Reads the whole document; anything after the closing brace is an error of the JSON reader.</summary>
    public RuntimeConfig ReadDocument()
    {
        _ = _reader.Read();
        if (_reader.TokenType == JsonTokenType.Null)
        {
            throw new ContainerException("config cannot be null");
        }

        RuntimeConfig config = ReadConfig();
        _ = _reader.Read();
        return config;
    }

    /// <summary>Reads a document that is linux.resources alone; null is an empty one, and what follows it is not looked at, as in runc.</summary>
    public Resources ReadResourcesDocument()
    {
        _ = _reader.Read();
        return _reader.TokenType == JsonTokenType.Null ? new Resources() : ReadResources();
    }

    /// <summary>Reads a document that is the <c>process</c> of a config (<c>exec --process</c>).</summary>
    public Process ReadProcessDocument()
    {
        _place = "process";
        _ = _reader.Read();
        if (_reader.TokenType == JsonTokenType.Null)
        {
            throw new ContainerException("process property must not be empty");
        }

        Process process = ReadProcess();
        _ = _reader.Read();
        return process;
    }

    /// <summary>Refuses the current token: <c>invalid config: PATH: RULE, got VALUE</c>.</summary>
    private readonly ContainerException Refuse(string rule)
    {
        string path = Place();

        // Secrets are handed over in the environment, and engines put messages into events and logs.
        string value = _reader.TokenType == JsonTokenType.String && path.Contains("env[", StringComparison.Ordinal)
            ? "" : ", got " + JsonLocation.Describe(_reader.TokenType, _reader.ValueSpan);
        return ContainerException.Config(path.Length == 0 ? "top level" : path, rule + value);
    }

    /// <summary>Throws unless a REQUIRED property of the object that just ended was present.</summary>
    private readonly void Require(bool present, string property)
    {
        if (!present)
        {
            throw Missing(property, "must be present");
        }
    }

    /// <summary>As <see cref="Require"/>, for a string that must not be empty either.</summary>
    private readonly void RequireText(string value, string property)
    {
        if (value.Length == 0)
        {
            throw Missing(property, "must be present and not empty");
        }
    }

    private readonly ContainerException Missing(string property, string rule)
    {
        string path = Place();
        return ContainerException.Config(path.Length == 0 ? property : path + "." + property, rule);
    }

    private readonly string Place()
    {
        string path = JsonLocation.PathOf(_json, _reader.TokenStartIndex);
        return _place.Length == 0 || path.Length == 0 ? _place + path : _place + "." + path;
    }

    /// <summary>Enters the object that is the current token.</summary>
    private readonly void BeginObject()
    {
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            throw Refuse("must be an object");
        }
    }

    /// <summary>
    /// Moves to the next property of the object: its name is then in <see cref="_name"/> and its value is the current token.
    /// A null value counts as absent and is passed over. False at the end of the object.
    /// </summary>
    private bool NextProperty()
    {
        do
        {
            _ = _reader.Read();
            if (_reader.TokenType == JsonTokenType.EndObject)
            {
                return false;
            }

            _name = _reader.ValueIsEscaped ? UnescapedName() : _reader.ValueSpan;
            _ = _reader.Read();
        }
        while (_reader.TokenType == JsonTokenType.Null);
        return true;
    }

    private readonly ReadOnlySpan<byte> UnescapedName()
    {
        byte[] buffer = new byte[_reader.ValueSpan.Length];
        try
        {
            return buffer.AsSpan(0, _reader.CopyString(buffer));
        }
        catch (InvalidOperationException)
        {
            throw Refuse("must have a name of valid Unicode text");
        }
    }

    // Go's decoder, and so runc, takes names in any case; callers of update rely on that.
    private readonly bool Is(ReadOnlySpan<byte> name) => _name.Length == name.Length && Ascii.EqualsIgnoreCase(_name, name);

    /// <summary>Passes over the value of a property that is not part of the model (the specification: MUST be ignored).</summary>
    private void SkipValue() => _reader.Skip();

    /// <summary>Enters the array that is the current token.</summary>
    private readonly void BeginArray()
    {
        if (_reader.TokenType != JsonTokenType.StartArray)
        {
            throw Refuse("must be an array");
        }
    }

    /// <summary>Moves to the next element; false at the end of the array.</summary>
    private bool NextElement()
    {
        _ = _reader.Read();
        return _reader.TokenType != JsonTokenType.EndArray;
    }

    private readonly bool Bool() => _reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw Refuse("must be true or false"),
    };

    private readonly uint UInt32() =>
        _reader.TokenType == JsonTokenType.Number && _reader.TryGetUInt32(out uint value)
            ? value
            : throw Refuse("must be an unsigned 32-bit integer");

    private readonly ulong UInt64() =>
        _reader.TokenType == JsonTokenType.Number && _reader.TryGetUInt64(out ulong value)
            ? value
            : throw Refuse("must be an unsigned 64-bit integer");

    private readonly ushort UInt16() =>
        _reader.TokenType == JsonTokenType.Number && _reader.TryGetUInt16(out ushort value)
            ? value
            : throw Refuse("must be an unsigned 16-bit integer");

    private readonly int Int32() =>
        _reader.TokenType == JsonTokenType.Number && _reader.TryGetInt32(out int value)
            ? value
            : throw Refuse("must be a 32-bit integer");

    private readonly long Int64() =>
        _reader.TokenType == JsonTokenType.Number && _reader.TryGetInt64(out long value)
            ? value
            : throw Refuse("must be a 64-bit integer");

    /// <summary>A string that may end up in a system call: no NUL inside.</summary>
    private readonly string Text()
    {
        string text = AnyText();

        // Raw control characters are not JSON, so a NUL can only come from an escape.
        if (_reader.ValueIsEscaped && text.Contains('\0'))
        {
            throw Refuse("must not contain a NUL byte");
        }

        return text;
    }

    /// <summary>An optional string: empty is absent.</summary>
    private readonly string? OptionalText() => Text() is { Length: > 0 } text ? text : null;

    private readonly string AnyText()
    {
        if (_reader.TokenType != JsonTokenType.String)
        {
            throw Refuse("must be a string");
        }

        try
        {
            return _reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Refuse("must be valid Unicode text");
        }
    }

    private string[] Texts()
    {
        BeginArray();
        string[] items = [];
        int count = 0;
        while (NextElement())
        {
            Append(ref items, ref count, Text());
        }

        return Trim(items, count);
    }

    /// <summary>An object of strings as pairs in file order; of equal keys the last value wins, in the first one's place.</summary>
    private KeyValuePair<string, string>[] TextMap(bool kernel)
    {
        BeginObject();
        KeyValuePair<string, string>[] items = [];
        int count = 0;
        while (NextProperty())
        {
            string key = Key();
            Append(ref items, ref count, new(key, kernel ? Text() : AnyText()));
        }

        return PairList.WithoutDuplicates(items, count);
    }

    /// <summary>The current property's name as a key of a map.</summary>
    private readonly string Key()
    {
        if (_name.Contains((byte)0))
        {
            throw Refuse("must not have a NUL byte in its name");
        }

        return JsonLocation.Decode(_name);
    }

    private static void Append<T>(ref T[] items, ref int count, T item)
    {
        if (count == items.Length)
        {
            Array.Resize(ref items, count == 0 ? 4 : count * 2);
        }

        items[count++] = item;
    }

    private static T[] Trim<T>(T[] items, int count)
    {
        if (items.Length != count)
        {
            Array.Resize(ref items, count);
        }

        return items;
    }
}
