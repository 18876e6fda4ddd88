using System;
using System.IO;
using System.Linq;
using Anocir.Integration.Tests.Fixture;
using Anocir.Integration.Tests.Properties;
using Xunit;

namespace Anocir.Integration.Tests.BadInput;

/// <summary>
/// Damaged configs for the real program: it does what they say or answers with one line, and leaves nothing. What the lines say is tested
/// where they are made (Anocir.Runtime.Tests); here no exception, no half-made container.
/// </summary>
public sealed class MutatedConfigTests : ContainerTest
{
    // Where a damaged value could do harm to the machine: another root, other cgroups.
    private static readonly string[] s_dangerous = ["$.root", "$.linux.cgroupsPath", "$.linux.sysctl"];

    [Fact]
    public void Plan_answers_in_one_line()
    {
        Bundle bundle = Rich();
        for (int seed = 0; seed < 80; seed++)
        {
            (string text, string what) = ConfigMutator.Damage(bundle.Config, seed, static _ => true);
            File.WriteAllText(bundle.Dir + "/config.json", text);
            CliResult result = Anocir("plan", "--bundle", bundle.Dir);
            Judge(what, "plan", result);
        }
    }

    [Fact]
    public void Create_answers_in_one_line_and_leaves_nothing()
    {
        Bundle bundle = Rich();
        for (int seed = 1000; seed < 1040; seed++)
        {
            (string text, string what) = ConfigMutator.Damage(
                bundle.Config, seed, static path => !s_dangerous.Any(start => path.StartsWith(start, StringComparison.Ordinal)));
            File.WriteAllText(bundle.Dir + "/config.json", text);
            CliResult result = Anocir("create", "--bundle", bundle.Dir, Id);
            Judge(what, "create", result);
            if (result.Code == 0)
            {
                Delete();
            }

            Assert.True(!Directory.Exists(Root) || Directory.GetFileSystemEntries(Root).Length == 0, what + " left something in --root");
            Assert.True(Cgroups.Named(Tag).Count == 0, what + " left a cgroup");
        }
    }

    [Theory]
    [InlineData("{", "invalid config: line 1, column ")]
    [InlineData("", "invalid config: line 1, column ")]
    [InlineData("null", "config cannot be null")]
    [InlineData("[]", "invalid config: top level: must be ")]
    [InlineData("\u0000", "invalid config: line 1, column ")]
    public void What_is_no_object_at_all(string text, string named)
    {
        Bundle bundle = NewBundle();
        File.WriteAllText(bundle.Dir + "/config.json", text);
        _ = Fails(named, "create", "--bundle", bundle.Dir, Id);
    }

    [Theory]
    [InlineData("process.args[1]", "process", """{"cwd":"/","user":{"uid":0,"gid":0},"args":["/bin/true","a\u0000b"]}""")]
    [InlineData("process.env[0]", "process", """{"cwd":"/","user":{"uid":0,"gid":0},"args":["/bin/true"],"env":["A=\u0000"]}""")]
    [InlineData("process.cwd", "process", """{"cwd":"/\u0000","user":{"uid":0,"gid":0},"args":["/bin/true"]}""")]
    [InlineData("hostname", "hostname", "\"a\\u0000b\"")]
    [InlineData("mounts[0].destination", "mounts", """[{"destination":"/a\u0000b","type":"tmpfs","source":"tmpfs"}]""")]
    [InlineData("mounts[0].source", "mounts", """[{"destination":"/a","type":"tmpfs","source":"tm\u0000pfs"}]""")]
    [InlineData("mounts[0].options[0]", "mounts", """[{"destination":"/a","type":"tmpfs","source":"tmpfs","options":["size=1\u0000"]}]""")]
    [InlineData("hooks.poststop[0].path", "hooks", """{"poststop":[{"path":"/bin/true\u0000"}]}""")]
    public void CVE_2022_39253_a_string_with_a_nul_is_named(string path, string member, string json)
    {
        Bundle bundle = NewBundle();
        bundle.Config[member] = System.Text.Json.Nodes.JsonNode.Parse(json);
        bundle.Write();
        _ = Fails($"invalid config: {path}: ", "create", "--bundle", bundle.Dir, Id);
    }

    [Fact]
    public void The_line_is_in_the_log_file_too()
    {
        Bundle bundle = NewBundle().Process("cwd", "\"relative\"");
        bundle.Write();
        string log = Temp + "/log.json";
        CliResult result = Anocir("--log", log, "--log-format", "json", "create", "--bundle", bundle.Dir, Id);
        const string Message = "invalid config: process.cwd: Cwd must be an absolute path, got \\\"relative\\\"";
        Assert.Equal(1, result.Code);
        string line = Assert.Single(File.ReadAllLines(log));
        Assert.Contains("\"level\":\"error\"", line, StringComparison.Ordinal);
        Assert.Contains(Message, line, StringComparison.Ordinal);
        Assert.Contains(Message.Replace("\\", "", StringComparison.Ordinal), result.Stderr.Replace("\\", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(1, result.Stderr.AsSpan().Count('\n'));
    }

    private Bundle Rich()
    {
        Bundle bundle = NewBundle().Mount("/tmp", "bind", Temp, "rbind", "ro").Mount("/new", "tmpfs", "tmpfs", "size=1m", "tmpcopyup", "rprivate");
        _ = bundle.HookScript("createRuntime", "true").HookScript("createContainer", "true", timeout: 20).Hook("poststop", "/bin/busybox", ["true"]);
        bundle.Config["annotations"] = System.Text.Json.Nodes.JsonNode.Parse("""{"a":"b"}""");
        return bundle.Linux("devices", """[{"path":"/dev/one","type":"c","major":1,"minor":3,"fileMode":438,"uid":1,"gid":1}]""")
            .Linux("rootfsPropagation", "\"rslave\"").Linux("personality", """{"domain":"LINUX"}""")
            .Process("rlimits", """[{"type":"RLIMIT_NOFILE","soft":64,"hard":64}]""")
            .Process("user", """{"uid":1,"gid":1,"umask":18,"additionalGids":[5,6]}""");
    }

    private static void Judge(string what, string command, CliResult result)
    {
        Assert.True(result.Code is 0 or 1, $"{what}: {result}");
        string[] lines = result.Stderr.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.True(line.StartsWith("time=\"", StringComparison.Ordinal), $"{what}: {line}"));
        Assert.DoesNotContain("Exception", result.Stderr, StringComparison.Ordinal);
        int errors = lines.Count(static line => line.Contains(" level=error ", StringComparison.Ordinal));
        Assert.True(errors == result.Code, $"{what}: {result}");
        Assert.True(errors == 0 || result.Error.Length > $"anocir {command} failed: ".Length, $"{what}: {result}");
        Assert.True(result.Code == 0 || result.Stdout.Length == 0, $"{what}: {result}");
    }
}
