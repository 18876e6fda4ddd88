using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Anocir.Runtime.Logging;

/// <summary>One line of the log in the two formats of runc: <c>time="…" level=error msg="…"</c> and
/// <c>{"level":"error","msg":"…","time":"…"}</c>. containerd decodes <c>time</c> as RFC 3339 and loses the message otherwise.</summary>
public static class LogLine
{
    /// <summary>The line as text, newline included; control characters, quotes and backslashes are escaped.</summary>
    public static byte[] Text(LogLevel level, string message, string time)
    {
        var line = new StringBuilder();
        line.Append("time=\"").Append(time).Append("\" level=").Append(Name(level)).Append(" msg=\"");
        AppendEscaped(line, message, quoted: true);
        line.Append("\"\n");
        return Encoding.UTF8.GetBytes(line.ToString());
    }

    /// <summary>The line as one JSON object, newline included.</summary>
    public static byte[] Json(LogLevel level, string message, string time, List<string>? warnings = null)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = PlainJsonEncoder.Instance }))
        {
            json.WriteStartObject();
            json.WriteString("level"u8, Name(level));
            json.WriteString("msg"u8, message);
            json.WriteString("time"u8, time);
            if (warnings is { Count: > 0 })
            {
                json.WriteStartArray("warnings"u8);
                foreach (string warning in warnings)
                {
                    json.WriteStringValue(warning);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A message for a terminal: control characters, which could move the cursor or forge lines, become escapes.</summary>
    public static string Printable(string message)
    {
        var text = new StringBuilder(message.Length);
        AppendEscaped(text, message, quoted: false);
        return text.ToString();
    }

    private static void AppendEscaped(StringBuilder text, string message, bool quoted)
    {
        foreach (char c in message)
        {
            switch (c)
            {
                case '\n':
                    text.Append("\\n");
                    break;
                case '\r':
                    text.Append("\\r");
                    break;
                case '\t':
                    text.Append("\\t");
                    break;
                case '"' or '\\' when quoted:
                    text.Append('\\').Append(c);
                    break;
                case < ' ' or (>= '\x7f' and < '\xa0') or '\u2028' or '\u2029':
                    text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
                    break;
                default:
                    text.Append(c);
                    break;
            }
        }
    }

    private static string Name(LogLevel level) => level switch
    {
        LogLevel.Debug => "debug",
        LogLevel.Info => "info",
        LogLevel.Warning => "warning",
        _ => "error",
    };
}
