using System;
using System.Collections.Generic;
using System.Text;
using System.Text.Json.Nodes;
using Anocir.Runtime.Spec;
using Anocir.Runtime.Validation;
using Xunit;

namespace Anocir.Runtime.Tests.Spec;

public sealed class SpecDocumentTests
{
    [Fact]
    public void TextHasTheShapeOfRuncs()
    {
        string text = Text(rootless: false, unified: false);
        Assert.StartsWith("{\n\t\"ociVersion\": \"1.3.0\",\n\t\"process\": {\n\t\t\"terminal\": true,\n", text, StringComparison.Ordinal);
        Assert.EndsWith("\"/proc/sysrq-trigger\"\n\t\t]\n\t}\n}", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void ItsOwnReaderAndChecksAccept(bool rootless, bool unified)
    {
        RuntimeConfig config = ConfigReader.Parse(SpecDocument.Write(rootless, 1000, 1001, unified).Span);
        var warnings = new List<string>();
        ConfigValidator.Check(config, new ValidationOptions { Rootless = rootless }, warnings);
        Assert.Empty(warnings);
        Assert.Equal("/", config.Process!.Cwd);
        Assert.Equal(7, config.Mounts.Length);
        Assert.Equal(unified, config.Linux!.FindNamespace(NamespaceType.Cgroup) is not null);
        Assert.Equal(10, config.Linux.MaskedPaths.Length);
    }

    [Fact]
    public void RootlessMapsTheCallerAndNeedsNothingOfTheHost()
    {
        RuntimeConfig config = ConfigReader.Parse(SpecDocument.Write(true, 1000, 1001, false).Span);
        LinuxConfig linux = config.Linux!;
        Assert.Null(linux.FindNamespace(NamespaceType.Network));
        Assert.NotNull(linux.FindNamespace(NamespaceType.User));
        Assert.Equal((0u, 1000u, 1u), (linux.UidMappings[0].ContainerId, linux.UidMappings[0].HostId, linux.UidMappings[0].Size));
        Assert.Equal(1001u, linux.GidMappings[0].HostId);
        Assert.Null(linux.Resources);
        Mount sys = Array.Find(config.Mounts, m => m.Destination == "/sys")!;
        Assert.Equal(["rbind", "nosuid", "noexec", "nodev", "ro"], sys.Options);
        Assert.DoesNotContain(config.Mounts, m => Array.Exists(m.Options, o => o.StartsWith("gid=", StringComparison.Ordinal)));
    }

    [Fact]
    public void FeaturesNameWhatTheReaderAccepts()
    {
        JsonNode features = JsonNode.Parse(FeaturesDocument.Write("2.5.4", ["SECCOMP_FILTER_FLAG_LOG"], ["linux.selinux", "linux.memoryPolicy"]).Span)!;
        Assert.Equal("1.0.0", (string?)features["ociVersionMin"]);
        Assert.Equal("1.3.0", (string?)features["ociVersionMax"]);
        foreach (JsonNode? name in features["linux"]!["namespaces"]!.AsArray())
        {
            Assert.True(NamespaceNames.TryParse((string)name!, out NamespaceType type));
            Assert.Equal((string)name!, NamespaceNames.Name(type));
        }

        JsonArray capabilities = features["linux"]!["capabilities"]!.AsArray();
        Assert.Equal(41, capabilities.Count);
        for (int i = 0; i < capabilities.Count; i++)
        {
            Assert.Equal(i, CapabilityNames.Number((string)capabilities[i]!));
        }

        Assert.Equal("CAP_CHOWN", (string?)capabilities[0]);
        Assert.Equal("CAP_CHECKPOINT_RESTORE", (string?)capabilities[40]);
        foreach (string part in (string[])["v1", "v2", "systemd", "systemdUser", "rdma"])
        {
            Assert.True((bool)features["linux"]!["cgroup"]![part]!);
        }

        Assert.Equal("2.5.4", (string?)features["annotations"]!["io.github.seccomp.libseccomp.version"]);
        Assert.Equal("linux.selinux linux.memoryPolicy", (string?)features["annotations"]!["io.anocir.kernel.lacks"]);
        Assert.Equal(["SECCOMP_FILTER_FLAG_LOG"], features["linux"]!["seccomp"]!["supportedFlags"]!.AsArray().GetValues<string>());
        Assert.Contains("SCMP_ACT_NOTIFY", features["linux"]!["seccomp"]!["actions"]!.AsArray().GetValues<string>());
        foreach (string name in (string[])["apparmor", "selinux", "intelRdt", "netDevices"])
        {
            Assert.True((bool)features["linux"]![name]!["enabled"]!);
        }

        // Each word is one that the checks take; the annotations that config.json may use are named.
        foreach (string mode in features["linux"]!["memoryPolicy"]!["modes"]!.AsArray().GetValues<string>())
        {
            string nodes = mode is "MPOL_DEFAULT" or "MPOL_LOCAL" ? "" : "0";
            Validation.TestConfig.Accepted("linux/memoryPolicy", $$"""{"mode":"{{mode}}","nodes":"{{nodes}}"}""");
        }

        Assert.Contains("run.oci.mount_context_type", features["potentiallyUnsafeConfigAnnotations"]!.AsArray().GetValues<string>());
        Assert.Contains("org.systemd.property.", features["potentiallyUnsafeConfigAnnotations"]!.AsArray().GetValues<string>());
        Assert.Contains("rro", features["mountOptions"]!.AsArray().GetValues<string>());
    }

    [Fact]
    public void FeaturesEndWithANewline() => Assert.Equal((byte)'\n', FeaturesDocument.Write(null, [], []).Span[^1]);

    private static string Text(bool rootless, bool unified) =>
        Encoding.UTF8.GetString(SpecDocument.Write(rootless, 0, 0, unified).Span);
}
