using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Lifecycle;

/// <summary>The caller's environment: no setting for .NET changes how anocir works, and none of it reaches the container (docs/security-model.md).</summary>
public sealed class CallerEnvironmentTests : ContainerTest
{
    // Each of these ends a usual .NET program before its Main, some without a word.
    [Theory]
    [InlineData("DOTNET_DbgEnableMiniDump", "1")]
    [InlineData("DOTNET_GCHeapHardLimit", "1000")]
    [InlineData("DOTNET_GCHeapHardLimit", "400000")]
    [InlineData("DOTNET_GCRegionSize", "1")]
    [InlineData("DOTNET_GCLargePages", "1")]
    public void Settings_for_a_dotnet_runtime_change_nothing(string name, string value)
    {
        Bundle bundle = NewBundle().Args("/bin/echo", "hello");
        bundle.Write();

        CliResult result = Anocir(With(name, value), "run", "--bundle", bundle.Dir, Id);

        Assert.Equal(new CliResult(0, "hello\n", ""), result);
    }

    [Fact]
    public void Only_hooks_in_the_runtimes_namespaces_without_an_env_of_their_own_inherit_it()
    {
        Bundle bundle = NewBundle().Args("/bin/env");
        string hooks = Directory.CreateDirectory(bundle.Rootfs + "/tmp").FullName;
        foreach (string kind in (string[])["prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"])
        {
            _ = bundle.HookScript(kind, $"env >{(kind == "startContainer" ? "/tmp" : hooks)}/{kind}");
        }

        bundle.Config["root"]!["readonly"] = false;
        bundle.Config["hooks"]!["poststart"]![0]!["env"] = Bundle.Json("OWN=1");
        bundle.Write();

        CliResult result = Anocir(With("OF_THE_CALLER", "x"), "run", "--bundle", bundle.Dir, Id);

        Assert.Equal("", result.Stderr);
        Assert.Contains("PATH=", result.Stdout, StringComparison.Ordinal);
        Assert.DoesNotContain("OF_THE_CALLER", result.Stdout, StringComparison.Ordinal);
        Assert.Equal(
            ["createRuntime", "poststop", "prestart"],
            Directory.GetFiles(hooks).Where(static file => File.ReadAllText(file).Contains("OF_THE_CALLER=x", StringComparison.Ordinal))
                .Select(Path.GetFileName).Order());
        Assert.Equal(6, Directory.GetFiles(hooks).Length);
    }

    [Fact]
    public void The_cache_of_compiled_filters_can_be_switched_off()
    {
        Bundle bundle = NewBundle().Args("/bin/true");
        bundle.Linux["seccomp"] = System.Text.Json.Nodes.JsonNode.Parse(
            """{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["reboot"],"action":"SCMP_ACT_ERRNO"}]}""");
        bundle.Write();
        string cache = Root + "/@seccomp";

        Assert.Equal(new CliResult(0, "", ""), Anocir(With("ANOCIR_SECCOMP_CACHE", "off"), "run", "--bundle", bundle.Dir, Id));
        Assert.False(Directory.Exists(cache));
        Assert.Equal(new CliResult(0, "", ""), Anocir("run", "--bundle", bundle.Dir, Id));
        Assert.Single(Directory.GetFiles(cache));
    }

    private static SpawnOptions With(string name, string value) => new() { Environment = new Dictionary<string, string?> { [name] = value } };
}
