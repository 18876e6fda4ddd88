using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Anocir.Runtime.Json;
using Xunit;

namespace Anocir.Runtime.Tests.Json;

/// <summary>The library's reader is the judge: the same tokens, values and errors for every text.</summary>
public sealed class JsonTokenReaderTests
{
    private const int MaxDepth = 6;

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\uFEFF{}")]
    [InlineData("null")]
    [InlineData("\"a\" ")]
    [InlineData("{}x")]
    [InlineData("{} {}")]
    [InlineData("[1,]")]
    [InlineData("[,1]")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{\"a\" : [ ] , \"b\":{}}")]
    [InlineData("{\"a\"}")]
    [InlineData("{a:1}")]
    [InlineData("{\"a\":1]")]
    [InlineData("[1}")]
    [InlineData("]")]
    [InlineData("// c\n1")]
    [InlineData("[1/**/]")]
    [InlineData("[tru]")]
    [InlineData("[truex]")]
    [InlineData("[nullnull]")]
    [InlineData("[\"a\"\"b\"]")]
    [InlineData("[\"a\nb\"]")]
    [InlineData("[\"a\\qb\"]")]
    [InlineData("[\"\\u12G4\"]")]
    [InlineData("[\"\\u12")]
    [InlineData("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\"]")]
    [InlineData("[\"\\ud83d\\ude00\", \"\\ud83d\", \"\\ude00\"]")]
    [InlineData("[\"é\\u0000\", \"é\"]")]
    [InlineData("[\"unfinished")]
    [InlineData("[\"unfinished\\")]
    [InlineData("[[[[[[1]]]]]]")]
    [InlineData("[[[[[[[1]]]]]]]")]
    [InlineData("[{\"a\":[{\"b\":[1,{}]}]}]")]
    [InlineData("{\"a\\u0062\":1,\"ab\":2}")]
    public void TellsTheSameAsTheLibrary(string text) => Same(Encoding.UTF8.GetBytes(text));

    [Theory]
    [InlineData("0", "-0", "00", "01", "-", "-a", "+1", ".5", "1.", "1.5", "1.e1", "1e", "1e+", "1e5", "1E-5", "0x10", "1_000", "1 2", "1;")]
    [InlineData("2147483647", "2147483648", "-2147483648", "-2147483649", "4294967295", "4294967296", "65535", "65536")]
    [InlineData("9223372036854775807", "9223372036854775808", "18446744073709551615", "18446744073709551616", "-1", "1.0", "1e0", "NaN")]
    public void NumbersAreTheSame(params string[] numbers)
    {
        foreach (string number in numbers)
        {
            Same(Encoding.UTF8.GetBytes(number));
            Same(Encoding.UTF8.GetBytes("[" + number + "]"));
            Same(Encoding.UTF8.GetBytes("{\"n\":" + number + " , \"m\":" + number + "}"));
            Same(Encoding.UTF8.GetBytes("[" + number));
        }
    }

    [Fact]
    public void InvalidUtf8IsTheSame()
    {
        foreach (byte[] bytes in (byte[][])[[0x80], [0xc3], [0xff, 0xfe], [0xed, 0xa0, 0x80], [0xf0, 0x9f, 0x98, 0x80]])
        {
            Same([.. "[\""u8, .. bytes, .. "\", 1]"u8]);
            Same([.. "{\""u8, .. bytes, .. "\": 1}"u8]);
            Same([.. "["u8, .. bytes, .. "]"u8]);
        }
    }

    [Fact]
    public void DamagedTextsAreTheSame()
    {
        const int Mutants = 30_000;
        byte[][] seeds =
        [
            Encoding.UTF8.GetBytes("""{"ociVersion":"1.3.0","process":{"args":["a\u00e9","é \"q\""],"user":{"uid":0},"terminal":false,"x":null},"n":[-1.5e+3,0,18446744073709551615]}"""),
            Encoding.UTF8.GetBytes("""[ [ ] , { } , [[{"a" : [ true , false , null ]}]] , "" , "\\\"\/" , 12 ]"""),
        ];
        byte[] alphabet = [.. "{}[]:,\"\\ \n\t0129-+.eEtrufalsn/u\u00e9"u8, 0, 0x1f, 0x80, 0xff];
        var random = new Random(20261128);
        for (int i = 0; i < Mutants; i++)
        {
            var text = new List<byte>(seeds[i % seeds.Length]);
            for (int changes = random.Next(1, 4); changes > 0; changes--)
            {
                int at = random.Next(text.Count);
                switch (random.Next(4))
                {
                    case 0:
                        text[at] = alphabet[random.Next(alphabet.Length)];
                        break;
                    case 1:
                        text.Insert(at, alphabet[random.Next(alphabet.Length)]);
                        break;
                    case 2 when text.Count > 1:
                        text.RemoveAt(at);
                        break;
                    default:
                        text.RemoveRange(at, text.Count - at);
                        text.Add((byte)'1');
                        break;
                }
            }

            Same([.. text]);
        }
    }

    [Fact]
    public void SkipsAndComparesAsTheLibraryDoes()
    {
        byte[] json = """{"a":{"b":[1,{"c":2}]},"d\u0065":"f","g":[3]}"""u8.ToArray();
        var ours = new JsonTokenReader(json, MaxDepth);
        var library = new Utf8JsonReader(json);
        for (int i = 0; i < 2; i++)
        {
            Assert.True(ours.Read() && library.Read());
        }

        ours.Skip();
        library.Skip();
        Assert.Equal((library.TokenType, library.TokenStartIndex), (ours.TokenType, ours.TokenStartIndex));
        Assert.True(ours.Read() && library.Read());
        Assert.True(ours.ValueTextEquals("de"u8) && library.ValueTextEquals("de"u8));
        Assert.False(ours.ValueTextEquals("d\\u0065"u8));
        ours.Skip();
        library.Skip();
        Assert.Equal("f", ours.GetString());
        Assert.True(ours.ValueTextEquals("f"u8) && !ours.ValueTextEquals("g"u8));
        Assert.True(ours.Read());
        byte[] name = new byte[4];
        Assert.Equal(1, ours.CopyString(name));
        Assert.Equal((byte)'g', name[0]);
    }

    [Fact]
    public void AWrongKindIsAnError()
    {
        static JsonTokenReader At(ReadOnlySpan<byte> json)
        {
            var reader = new JsonTokenReader(json, MaxDepth);
            Assert.True(reader.Read());
            return reader;
        }

        Assert.Throws<InvalidOperationException>(static () => At("true"u8).GetInt32());
        Assert.Throws<InvalidOperationException>(static () => At("\"1\""u8).GetUInt64());
        Assert.Throws<InvalidOperationException>(static () => At("1"u8).GetBoolean());
        Assert.Throws<InvalidOperationException>(static () => At("1"u8).GetString());
        Assert.Throws<FormatException>(static () => At("1.5"u8).GetInt32());
        Assert.Throws<FormatException>(static () => At("-1"u8).GetUInt32());
        Assert.Null(At("null"u8).GetString());
        Assert.Throws<ArgumentOutOfRangeException>(static () => new JsonTokenReader(default, JsonTokenReader.DeepestPossible + 1).Read());
    }

    private static void Same(byte[] json)
    {
        List<string> ours = Ours(json);
        List<string> library = Library(json);
        Assert.True(library.Count == ours.Count && string.Join('\n', library) == string.Join('\n', ours),
            $"{Encoding.Latin1.GetString(json)}\nlibrary:\n{string.Join('\n', library)}\nours:\n{string.Join('\n', ours)}");
    }

    private static List<string> Ours(byte[] json)
    {
        List<string> tokens = [];
        var reader = new JsonTokenReader(json, MaxDepth);
        try
        {
            while (reader.Read())
            {
                string token = Describe(reader.TokenType, reader.TokenStartIndex, reader.ValueSpan, reader.ValueIsEscaped);
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                {
                    try
                    {
                        token += reader.GetString();
                    }
                    catch (InvalidOperationException e)
                    {
                        token += e.Message;
                    }
                }
                else if (reader.TokenType == JsonTokenType.Number)
                {
                    token += Numbers(
                        reader.TryGetUInt16(out ushort a) ? a : null, reader.TryGetUInt32(out uint b) ? b : null, reader.TryGetUInt64(out ulong c) ? c : null,
                        reader.TryGetInt32(out int d) ? d : null, reader.TryGetInt64(out long e) ? e : null);
                }

                tokens.Add(token);
            }
        }
        catch (JsonException e)
        {
            tokens.Add(e.Message);
        }

        return tokens;
    }

    private static List<string> Library(byte[] json)
    {
        List<string> tokens = [];
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            while (reader.Read())
            {
                string token = Describe(reader.TokenType, reader.TokenStartIndex, reader.ValueSpan, reader.ValueIsEscaped);
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                {
                    try
                    {
                        token += reader.GetString();
                    }
                    catch (InvalidOperationException e)
                    {
                        token += e.Message;
                    }
                }
                else if (reader.TokenType == JsonTokenType.Number)
                {
                    token += Numbers(
                        reader.TryGetUInt16(out ushort a) ? a : null, reader.TryGetUInt32(out uint b) ? b : null, reader.TryGetUInt64(out ulong c) ? c : null,
                        reader.TryGetInt32(out int d) ? d : null, reader.TryGetInt64(out long e) ? e : null);
                }

                tokens.Add(token);
            }
        }
        catch (JsonException e)
        {
            tokens.Add(e.Message);
        }

        return tokens;
    }

    private static string Describe(JsonTokenType type, long start, ReadOnlySpan<byte> value, bool escaped) =>
        string.Create(CultureInfo.InvariantCulture, $"{type} {start} {Convert.ToHexString(value)} {escaped} ");

    private static string Numbers(ushort? a, uint? b, ulong? c, int? d, long? e) => string.Create(CultureInfo.InvariantCulture, $"{a} {b} {c} {d} {e}");
}
