using System;
using System.Collections.Generic;
using System.IO;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Lifecycle;
using Anocir.Runtime.Spec;
using Xunit;

namespace Anocir.Runtime.Tests.Lifecycle;

/// <summary>The process of exec from the configured one and the options.</summary>
public sealed class ExecProcessTests
{
    [Fact]
    public void Without_options_it_is_the_configured_one_with_other_arguments_and_no_terminal()
    {
        Process process = Build(new ExecOptions { Id = default, Args = ["/x", "-y"] });

        Assert.Equal(["/x", "-y"], process.Args);
        Assert.False(process.Terminal);
        Assert.Equal(("/w", 5u, 6u), (process.Cwd, process.User.Uid, process.User.Gid));
        Assert.Equal(["A=1"], process.Env);
    }

    [Theory]
    [InlineData("0", 0, 6)]
    [InlineData("7", 7, 6)]
    [InlineData("7:8", 7, 8)]
    [InlineData("007:4294967294", 7, 4294967294)]
    public void Users(string text, uint uid, uint gid)
    {
        User user = Build(new ExecOptions { Id = default, Args = ["x"], User = text }).User;

        Assert.Equal((uid, gid), (user.Uid, user.Gid));
    }

    [Fact]
    public void Capabilities_become_ambient_only_beside_inheritable_ones()
    {
        var options = new ExecOptions { Id = default, Args = ["x"], Capabilities = ["CAP_KILL"] };
        Capabilities plain = Build(options).Capabilities!;
        Assert.Equal(["CAP_CHOWN", "CAP_KILL"], plain.Bounding!);
        Assert.Equal(["CAP_KILL"], plain.Effective!);
        Assert.Null(plain.Ambient);
        Assert.Null(plain.Inheritable);

        Capabilities inheriting = Build(options, new Capabilities { Inheritable = ["CAP_CHOWN"] }).Capabilities!;
        Assert.Equal(["CAP_KILL"], inheriting.Ambient!);
        Assert.Equal(["CAP_CHOWN"], inheriting.Inheritable!);
        Assert.Equal(["CAP_KILL"], Build(options, null).Capabilities!.Permitted!);
    }

    [Theory]
    [InlineData("", "CAP_CHOWN")]
    [InlineData(",\"capabilities\":null", "CAP_CHOWN")]
    [InlineData(",\"capabilities\":{}", "")]
    [InlineData(",\"capabilities\":{\"bounding\":[\"CAP_KILL\"]}", "CAP_KILL")]
    public void A_file_that_does_not_mention_capabilities_leaves_the_containers(string member, string bounding)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, $"{{\"args\":[\"x\"],\"cwd\":\"/\"{member}}}");

            Process process = Build(new ExecOptions { Id = default, ProcessFile = file });

            Assert.Equal(bounding, string.Join(' ', process.Capabilities?.Bounding ?? []));
            Assert.Empty(process.Env);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("4294967295")]
    [InlineData("x")]
    [InlineData("")]
    public void Groups_are_numbers(string gid)
    {
        var options = new ExecOptions { Id = default, Args = ["x"], AdditionalGids = ["1", gid] };

        Assert.StartsWith(
            "additional-gids must be a positive number: \"" + gid + '"', Assert.Throws<ContainerException>(() => Build(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_container_without_a_process_needs_a_whole_one()
    {
        ContainerException e = Assert.Throws<ContainerException>(
            () => ExecProcess.Build(new ExecOptions { Id = default, Args = ["x"] }, new RuntimeConfig(), []));

        Assert.StartsWith("process property must not be empty", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_capabilities_are_warned_about()
    {
        var warnings = new List<string>();
        _ = ExecProcess.Build(new ExecOptions { Id = default, Args = ["x"], Capabilities = ["CAP_NOSUCH"] }, Config(new Capabilities()), warnings);

        Assert.Equal(["ignoring unknown or unavailable capabilities: [CAP_NOSUCH]"], warnings);
    }

    private static Process Build(ExecOptions options) => Build(options, new Capabilities { Bounding = ["CAP_CHOWN"] });

    private static Process Build(ExecOptions options, Capabilities? capabilities) => ExecProcess.Build(options, Config(capabilities), []);

    private static RuntimeConfig Config(Capabilities? capabilities) => new()
    {
        Process = new Process
        {
            Args = ["init"],
            Cwd = "/w",
            Env = ["A=1"],
            Terminal = true,
            User = new User { Uid = 5, Gid = 6 },
            Capabilities = capabilities,
        },
    };
}
