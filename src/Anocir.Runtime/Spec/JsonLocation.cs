using System;
using System.Buffers;
using System.Collections.Generic;
using System.Text;
using System.Text.Json;

namespace Anocir.Runtime.Spec;

/// <summary>Names places of a JSON text for messages; used only once something is wrong.</summary>
internal static class JsonLocation
{
    // Enough to recognise a value, short enough for one line.
    private const int ShownBytes = 60;

    /// <summary>
    /// The path of the token that starts at <paramref name="offset"/>, such as <c>process.rlimits[1].hard</c>; empty for the
    /// document itself. Keys that are not plain words are quoted: <c>linux.sysctl["net.ipv4.ip_forward"]</c>.
    /// </summary>
    public static string PathOf(ReadOnlySpan<byte> json, long offset)
    {
        var path = new StringBuilder();

        // One entry for each open container: where its part of the path starts, and the next index (-1 for an object).
        var open = new Stack<(int Length, int Index)>();
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        while (reader.Read())
        {
            bool ends = reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray;
            if (ends)
            {
                path.Length = open.Pop().Length;
            }
            else if (open.Count > 0 && open.Peek() is { Index: >= 0 } array)
            {
                _ = open.Pop();
                open.Push((array.Length, array.Index + 1));
                path.Length = array.Length;
                path.Append('[').Append(array.Index).Append(']');
            }
            else if (reader.TokenType == JsonTokenType.PropertyName)
            {
                path.Length = open.Peek().Length;
                AppendName(path, reader.ValueSpan);
            }

            if (reader.TokenStartIndex >= offset)
            {
                break;
            }

            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                open.Push((path.Length, reader.TokenType == JsonTokenType.StartArray ? 0 : -1));
            }
        }

        return path.ToString();
    }

    /// <summary>A value in a few words: the literal as written for scalars, the kind for containers.</summary>
    public static string Describe(JsonTokenType type, ReadOnlySpan<byte> value) => type switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        JsonTokenType.Null => "null",
        JsonTokenType.String => "\"" + Shorten(value) + "\"",
        _ => Shorten(value),
    };

    /// <summary>The first character of a text in quotes, for messages about wrong JSON.</summary>
    public static string FirstCharacter(ReadOnlySpan<byte> text)
    {
        OperationStatus status = Rune.DecodeFromUtf8(text, out Rune rune, out int length);
        return status == OperationStatus.Done
            ? "'" + Printable.Escape(rune.ToString()) + "'"
            : "byte 0x" + Convert.ToHexString(text[..Math.Min(length, 1)]);
    }

    /// <summary>UTF-8 text, with replacement characters where it is none.</summary>
    public static string Decode(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text);

    private static void AppendName(StringBuilder path, ReadOnlySpan<byte> name)
    {
        bool plain = !name.IsEmpty;
        foreach (byte c in name)
        {
            plain &= char.IsAsciiLetterOrDigit((char)c) || c is (byte)'_' or (byte)'-';
        }

        if (plain)
        {
            path.Append(path.Length == 0 ? "" : ".").Append(Shorten(name));
        }
        else
        {
            path.Append("[\"").Append(Shorten(name)).Append("\"]");
        }
    }

    private static string Shorten(ReadOnlySpan<byte> text)
    {
        string shown = text.Length <= ShownBytes ? Decode(text) : Decode(text[..ShownBytes]) + "…";
        return Printable.Escape(shown);
    }
}
