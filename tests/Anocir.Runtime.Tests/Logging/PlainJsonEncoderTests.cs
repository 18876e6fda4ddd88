using System.Buffers;
using System.Linq;
using System.Text;
using System.Text.Json;
using Anocir.Runtime.Logging;
using Xunit;

namespace Anocir.Runtime.Tests.Logging;

public sealed class PlainJsonEncoderTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain/path <a> & 'b' +", "plain/path <a> & 'b' +")]
    [InlineData("quote \" and \\", "quote \\\" and \\\\")]
    [InlineData("\b\f\n\r\t", "\\b\\f\\n\\r\\t")]
    [InlineData("\u0000\u001f\u007f", "\\u0000\\u001f\u007f")]
    [InlineData("ünï 日本 \u2028", "ünï 日本 \u2028")]
    [InlineData("\U0001F600", "\U0001F600")]
    public void A_string_is_escaped_as_little_as_possible(string text, string expected)
    {
        Assert.Equal($"{{\"{expected}\":\"{expected}\"}}", Write(text));
        using var parsed = JsonDocument.Parse(Write(text));
        Assert.Equal(text, parsed.RootElement.GetProperty(text).GetString());
    }

    [Theory]
    [InlineData("\ud83d")]
    [InlineData("\ude00")]
    [InlineData("a\ud83d\ud83d\ude00")]
    public void An_unpaired_surrogate_becomes_the_replacement_character(string text)
    {
        using var parsed = JsonDocument.Parse(Write(text));
        Assert.Equal(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)), parsed.RootElement.EnumerateObject().First().Value.GetString());
    }

    [Fact]
    public void Every_character_comes_back()
    {
        string all = string.Concat(Enumerable.Range(0, 0xd800).Select(c => (char)c));
        using var parsed = JsonDocument.Parse(Write(all));
        Assert.Equal(all, parsed.RootElement.EnumerateObject().First().Value.GetString());
    }

    private static string Write(string text)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = PlainJsonEncoder.Instance }))
        {
            json.WriteStartObject();
            json.WriteString(text, text);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
