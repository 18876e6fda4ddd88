using System;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Lifecycle;

/// <summary>The check command on this machine, and on bundles with something wrong.</summary>
public sealed class CheckTests : ContainerTest
{
    [Fact]
    public void A_bundle_that_runs_has_no_error_and_nothing_is_left()
    {
        Bundle bundle = NewBundle().Args("true");
        bundle.Write();

        CliResult table = Anocir("check", bundle.Dir);

        Assert.True(table.Code == 0, table.ToString());
        string[] lines = table.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("RESULT      PROPERTY ", lines[0]);
        Assert.Contains(lines, static line => line.StartsWith("ok          process.args[0] ", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, static line => line.StartsWith("error", StringComparison.Ordinal));
        Assert.Equal("", table.Stderr);
        Assert.False(Directory.Exists(Root));
    }

    [Fact]
    public void Each_thing_that_is_wrong_is_found_with_its_property_and_a_cure()
    {
        Bundle bundle = NewBundle().Args("/bin/script").Mount("/data", "bind", "/nowhere", "bind");
        File.WriteAllText(bundle.Rootfs + "/bin/script", "#!/bin/sh\r\n");
        File.SetUnixFileMode(bundle.Rootfs + "/bin/script", (UnixFileMode)0x1ed);
        bundle.Linux["seccomp"] = new JsonObject
        {
            ["defaultAction"] = "SCMP_ACT_ALLOW",
            ["syscalls"] = new JsonArray(new JsonObject { ["names"] = Bundle.Json("read", "raed"), ["action"] = "SCMP_ACT_ERRNO" }),
        };
        bundle.Write();

        JsonObject report = Report(1, bundle);

        Assert.False((bool)report["ok"]!);
        Assert.Equal("sed -i 's/\\r$//' FILE", Finding(report, "error", "process.args[0]").Split("convert it, ")[^1]);
        Assert.Equal("mkdir -p '/nowhere', or correct the source", Finding(report, "error", "mounts[7].source"));
        Assert.Equal("correct the name", Finding(report, "warning", "linux.seccomp.syscalls[0].names"));
    }

    [Theory]
    [InlineData("nope", "correct args or PATH in process.env, or install the program in the image")]
    [InlineData("/etc/passwd", "chmod +x 'ROOT/etc/passwd'")]
    [InlineData("/bin", "name a program")]
    public void A_program_that_cannot_be_executed_is_found(string program, string fix)
    {
        Bundle bundle = NewBundle().Args(program);
        bundle.Write();
        Assert.Equal(fix, Finding(Report(1, bundle), "error", "process.args[0]").Replace(bundle.Rootfs, "ROOT", StringComparison.Ordinal));
    }

    [Fact]
    public void What_create_refuses_is_found_by_its_property()
    {
        Bundle bundle = NewBundle();
        bundle.Process["cwd"] = "etc";
        bundle.Write();
        Assert.Equal("correct config.json", Finding(Report(1, bundle), "error", "process.cwd"));
    }

    [Fact]
    public void A_source_that_cannot_be_id_mapped_is_found_without_a_container()
    {
        Require.UserNamespaces();
        Bundle bundle = NewBundle().Args("/bin/true").Mount("/data", "bind", "/proc", "bind");
        var map = new JsonObject { ["containerID"] = 0, ["hostID"] = 100000, ["size"] = 1000 };
        bundle.Mounts[^1]!["uidMappings"] = new JsonArray(map);
        bundle.Mounts[^1]!["gidMappings"] = new JsonArray(map.DeepClone());
        bundle.Write();
        Assert.Contains("ext4", Finding(Report(1, bundle), "error", "mounts[7].uidMappings"), StringComparison.Ordinal);
    }

    private JsonObject Report(int code, Bundle bundle)
    {
        CliResult result = Anocir("check", "--json", bundle.Dir);
        Assert.True(result.Code == code, result.ToString());
        return JsonNode.Parse(result.Stdout)!.AsObject();
    }

    // What to do about the one finding of a level and property.
    private static string Finding(JsonObject report, string level, string property) => (string)report["findings"]!.AsArray()
        .Single(f => (string?)f!["level"] == level && (string?)f["property"] == property)!["fix"]!;
}
