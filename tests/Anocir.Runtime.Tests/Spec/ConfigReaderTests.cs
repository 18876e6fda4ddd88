using System;
using System.IO;
using System.Text;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;
using Xunit;

namespace Anocir.Runtime.Tests.Spec;

public sealed class ConfigReaderTests
{
    private const string Valid = """{"ociVersion":"1.0.2","root":{"path":"rootfs"}}""";

    [Fact]
    public void MinimalConfigHasDefaults()
    {
        RuntimeConfig config = Parse(Valid);
        Assert.Equal("1.0.2", config.OciVersion);
        Assert.Equal("rootfs", config.Root.Path);
        Assert.False(config.Root.Readonly);
        Assert.Empty(config.Mounts);
        Assert.Null(config.Process);
        Assert.Null(config.Linux);
    }

    [Theory]
    [InlineData("process", """{"rlimits":[{"type":"RLIMIT_CPU","hard":1,"soft":1},{"type":"RLIMIT_CORE","hard":"x","soft":1}]}""",
        "process.rlimits[1].hard: must be an unsigned 64-bit integer, got \"x\"")]
    [InlineData("process", """{"rlimits":[{"hard":1,"soft":1}]}""", "process.rlimits[0].type: must be present and not empty")]
    [InlineData("process", """{"args":["sh",5]}""", "process.args[1]: must be a string, got 5")]
    [InlineData("process", """{"args":["sh",null]}""", "process.args[1]: must be a string, got null")]
    [InlineData("process", """{"args":{}}""", "process.args: must be an array, got an object")]
    [InlineData("process", """{"user":{"uid":-1}}""", "process.user.uid: must be an unsigned 32-bit integer, got -1")]
    [InlineData("process", """{"user":{"uid":4294967296}}""", "process.user.uid: must be an unsigned 32-bit integer, got 4294967296")]
    [InlineData("process", """{"user":{"uid":1.0}}""", "process.user.uid: must be an unsigned 32-bit integer, got 1.0")]
    [InlineData("process", """{"user":{"additionalGids":[1,[2]]}}""",
        "process.user.additionalGids[1]: must be an unsigned 32-bit integer, got an array")]
    [InlineData("process", """{"terminal":"yes"}""", "process.terminal: must be true or false, got \"yes\"")]
    [InlineData("process", """{"args":["a\u0000b"]}""", "process.args[0]: must not contain a NUL byte, got \"a\\u0000b\"")]
    [InlineData("process", """{"args":["\ud800"]}""", "process.args[0]: must be valid Unicode text, got \"\\ud800\"")]
    [InlineData("process", "[]", "process: must be an object, got an array")]
    [InlineData("mounts", """[{"source":"x"}]""", "mounts[0].destination: must be present and not empty")]
    [InlineData("linux", """{"namespaces":[{"type":"pid"},{"type":"foo"}]}""",
        "linux.namespaces[1].type: unknown namespace type, got \"foo\"")]
    [InlineData("linux", """{"namespaces":[{}]}""", "linux.namespaces[0].type: must be present")]
    [InlineData("linux", """{"sysctl":{"net.ipv4.ip_forward":1}}""", "linux.sysctl[\"net.ipv4.ip_forward\"]: must be a string, got 1")]
    [InlineData("linux", """{"sysctl":{"a\u0000":"1"}}""", "linux.sysctl[\"a\\u0000\"]: must not have a NUL byte in its name, got \"1\"")]
    [InlineData("linux", """{"timeOffsets":{"realtime":{}}}""",
        "linux.timeOffsets.realtime: unknown clock, must be monotonic or boottime, got an object")]
    [InlineData("linux", """{"resources":{"blockIO":{"weightDevice":[{"major":8}]}}}""",
        "linux.resources.blockIO.weightDevice[0].minor: must be present")]
    [InlineData("linux", """{"seccomp":{"syscalls":[{"names":["read"],"action":"SCMP_ACT_ALLOW"}]}}""",
        "linux.seccomp.defaultAction: must be present and not empty")]
    public void WrongFormIsNamed(string property, string value, string message)
    {
        string json = $$"""{"ociVersion":"1.0.2","root":{"path":"r"},"{{property}}":{{value}}}""";
        Assert.Equal("invalid config: " + message, Error(json));
    }

    [Theory]
    [InlineData("", "line 1, column 1: not valid JSON: unexpected end of file")]
    [InlineData("{", "line 1, column 2: not valid JSON: unexpected end of file")]
    [InlineData("{\n  \"root\": }", "line 2, column 11: not valid JSON: unexpected '}'")]
    [InlineData("{\n  \"root\": {\"path\":\"x\"},\n}", "line 3, column 1: not valid JSON: unexpected '}'")]
    [InlineData("{} x", "root: must be present")]
    [InlineData("[]", "top level: must be an object, got an array")]
    [InlineData("{\"root\":{\"path\":\"x\"}} {", "line 1, column 23: not valid JSON: unexpected '{'")]
    public void WrongTextIsLocated(string json, string message) => Assert.Equal("invalid config: " + message, Error(json));

    [Fact]
    public void NullDocumentHasTheTextOfRunc() => Assert.Equal("config cannot be null", Error("null"));

    [Fact]
    public void NullCountsAsAbsent()
    {
        RuntimeConfig config = Parse("""{"ociVersion":"1.0.2","root":{"path":"r","readonly":null},"hostname":null,"process":null}""");
        Assert.Null(config.Hostname);
        Assert.Null(config.Process);
    }

    [Fact]
    public void UnknownPropertiesAreIgnored()
    {
        RuntimeConfig config = Parse("""{"x":{"y":[1,{"z":[]}]},"ociVersion":"1.0.2","root":{"path":"r","more":[[]]},"windows":{}}""");
        Assert.Equal("r", config.Root.Path);
    }

    [Fact]
    public void LastOfEqualKeysWins()
    {
        RuntimeConfig config = Parse(
            """{"ociVersion":"1.0.2","root":{"path":"a"},"root":{"path":"b"},"annotations":{"k":"1","l":"2","k":"3"}}""");
        Assert.Equal("b", config.Root.Path);
        Assert.Equal([new("k", "3"), new("l", "2")], config.Annotations);
    }

    [Fact]
    public void ManyEqualKeysTakeLinearTime()
    {
        var json = new StringBuilder("""{"ociVersion":"1.0.2","root":{"path":"a"},"annotations":{""");
        for (int i = 0; i < 200_000; i++)
        {
            json.Append(i == 0 ? "" : ",").Append('"').Append(i % 150_000).Append("\":\"").Append(i).Append('"');
        }

        RuntimeConfig config = Parse(json.Append("}}").ToString());
        Assert.Equal(150_000, config.Annotations.Length);
        Assert.Equal(new("0", "150000"), config.Annotations[0]);
    }

    [Fact]
    public void EscapedNamesMatch() =>
        Assert.Equal("x", Parse("""{"ociVersion":"1.0.2","\u0072oot":{"p\u0061th":"x"}}""").Root.Path);

    [Fact]
    public void AbsurdDepthIsRefused() =>
        Assert.Equal(
            "invalid config: line 1, column 517: not valid JSON: unexpected '['",
            Error("{\"x\":" + new string('[', 2000)));

    [Fact]
    public void MessageStaysOnOneLine()
    {
        string message = Error("""{"ociVersion":"1.0.2","root":{"path":"r"},"linux":{"sysctl":{"a\nb\u202e":5}}}""");
        Assert.Equal("invalid config: linux.sysctl[\"a\\nb\\u202e\"]: must be a string, got 5", message);
        message = Error("{\"root\":{\"path\":\"r\"},\"linux\":{\"sysctl\":{\"\u2028\":{}}}}");
        Assert.Equal("invalid config: linux.sysctl[\"\\u2028\"]: must be a string, got an object", message);
    }

    [Fact]
    public void MissingFileHasTheTextOfRunc()
    {
        ContainerException e = Assert.Throws<ContainerException>(() => ConfigReader.ReadFile("config.json"));
        Assert.Equal("JSON specification file config.json not found", e.Message);
        e = Assert.Throws<ContainerException>(() => ConfigReader.ReadFile("/nonexistent/config.json"));
        Assert.Equal("JSON specification file config.json not found in '/nonexistent'", e.Message);
    }

    [Fact]
    public void AFifoWithoutAWriterIsEmpty()
    {
        string fifo = Path.Combine(Path.GetTempPath(), "anocir-fifo-" + Guid.NewGuid().ToString("N"));
        Assert.False(Sys.MkfifoAt(At.FDCWD, fifo, 0x180).IsError);
        try
        {
            Assert.Empty(ConfigReader.ReadFile(fifo));
        }
        finally
        {
            File.Delete(fifo);
        }
    }

    [Fact]
    public void UnreadableFileNamesTheErrno()
    {
        ContainerException e = Assert.Throws<ContainerException>(() => ConfigReader.ReadFile("/"));
        Assert.Equal("cannot read '/': is a directory (EISDIR)", e.Message);
    }

    [Fact]
    public void EndlessFileIsRefused()
    {
        ContainerException e = Assert.Throws<ContainerException>(() => ConfigReader.ReadFile("/dev/zero"));
        Assert.Equal("invalid config: /dev/zero: must not be larger than 16 MiB", e.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16 * 1024)]
    [InlineData(100_001)]
    [InlineData(ConfigReader.MaxSize)]
    public void FileIsReadWhole(int size)
    {
        string path = Path.GetTempFileName();
        byte[] content = new byte[size];
        new Random(size).NextBytes(content);
        File.WriteAllBytes(path, content);
        Assert.Equal(content, ConfigReader.ReadFile(path));
        File.Delete(path);
    }

    [Fact]
    public void FileWithoutSizeIsReadWhole() => Assert.Equal(File.ReadAllBytes("/proc/cpuinfo"), ConfigReader.ReadFile("/proc/cpuinfo"));

    [Fact]
    public void LargerFileIsRefused()
    {
        string path = Path.GetTempFileName();
        File.WriteAllBytes(path, new byte[ConfigReader.MaxSize + 1]);
        ContainerException e = Assert.Throws<ContainerException>(() => ConfigReader.ReadFile(path));
        Assert.Equal($"invalid config: {path}: must not be larger than 16 MiB", e.Message);
        File.Delete(path);
    }

    private static RuntimeConfig Parse(string json) => ConfigReader.Parse(Encoding.UTF8.GetBytes(json));

    private static string Error(string json) => Assert.Throws<ContainerException>(() => Parse(json)).Message;
}
