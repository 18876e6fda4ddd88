using System;
using System.Globalization;
using System.IO;
using System.Text;
using System.Text.Json;
using Anocir.Linux;
using Anocir.Runtime.Logging;
using Anocir.Runtime.Tests.State;
using Xunit;

namespace Anocir.Runtime.Tests.Logging;

public sealed class LoggerTests : IDisposable
{
    private const string Time = "2026-11-23T15:42:56Z";

    private readonly TemporaryDirectory _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a \"b\" \\ c", "a \\\"b\\\" \\\\ c")]
    [InlineData("two\nlines\r\t", "two\\nlines\\r\\t")]
    [InlineData("\u001b[2J\0\u007f\u0085\u2028", "\\u001b[2J\\u0000\\u007f\\u0085\\u2028")]
    [InlineData("grün…", "grün…")]
    public void TextIsOneLineOfLogrus(string message, string escaped) => Assert.Equal(
        $"time=\"{Time}\" level=error msg=\"{escaped}\"\n",
        Encoding.UTF8.GetString(LogLine.Text(LogLevel.Error, message, Time)));

    [Theory]
    [InlineData(LogLevel.Debug, "debug")]
    [InlineData(LogLevel.Info, "info")]
    [InlineData(LogLevel.Warning, "warning")]
    [InlineData(LogLevel.Error, "error")]
    public void JsonIsOneObjectWithRuncsMembers(LogLevel level, string name)
    {
        string line = Encoding.UTF8.GetString(LogLine.Json(level, "a \"b\"\n\u001b", Time));
        Assert.Equal($"{{\"level\":\"{name}\",\"msg\":\"a \\\"b\\\"\\n\\u001b\",\"time\":\"{Time}\"}}\n", line);
    }

    [Fact]
    public void PrintableLeavesNoControlCharacter() => Assert.Equal("a\\u001b[31m\\n\"b\" \\", LogLine.Printable("a\u001b[31m\n\"b\" \\"));

    [Fact]
    public void AJsonFileOfAFailureHoldsOneObject()
    {
        using (Logger log = Open(LogLevel.Warning, json: true))
        {
            log.Warn("first, ignoring");
            log.Debug("not written");
            log.Error("fatal");
        }

        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(_temporary["log"]));
        Assert.Equal("error", document.RootElement.GetProperty("level").GetString());
        Assert.Equal("fatal", document.RootElement.GetProperty("msg").GetString());
        Assert.Equal("first, ignoring", document.RootElement.GetProperty("warnings")[0].GetString());
        string time = document.RootElement.GetProperty("time").GetString()!;
        DateTime parsed = DateTime.ParseExact(time, "yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
        Assert.InRange(DateTime.UtcNow - parsed, TimeSpan.Zero, TimeSpan.FromMinutes(5));
    }

    [Fact]
    public void WarningsOfASuccessAreLinesOfTheirOwn()
    {
        using (Logger log = Open(LogLevel.Warning, json: true))
        {
            log.Warn("first");
            log.Warn("second");
        }

        string[] lines = File.ReadAllLines(_temporary["log"]);
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("""{"level":"warning","msg":"second",""", lines[1]);
    }

    [Fact]
    public void TheFileIsAppendedToInOrder()
    {
        for (int i = 0; i < 2; i++)
        {
            using Logger log = Open(LogLevel.Debug, json: false);
            log.Debug("d");
            log.Info("i");
            log.Warn("w");
            log.Error("e");
        }

        string[] lines = File.ReadAllLines(_temporary["log"]);
        Assert.Equal(8, lines.Length);
        Assert.EndsWith("level=debug msg=\"d\"", lines[0]);
        Assert.EndsWith("level=error msg=\"e\"", lines[7]);
    }

    [Fact]
    public void LighterMessagesAreDropped()
    {
        using (Logger log = Open(LogLevel.Error, json: false))
        {
            log.Warn("w");
            log.Info("i");
        }

        Assert.Empty(File.ReadAllText(_temporary["log"]));
    }

    private Logger Open(LogLevel level, bool json)
    {
        Assert.False(Logger.OpenFile(_temporary["log"], out Fd? file).IsError);
        return new Logger(level, json, file);
    }
}
