using System;
using System.Collections.Generic;
using System.IO;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Checkpoints;

/// <summary>What checkpoint and restore refuse before CRIU does anything, and a CRIU that is not there or does not work. Nothing changes then.</summary>
public sealed class CheckpointRefusalTests : ContainerTest
{
    [Fact]
    public void Only_a_container_that_runs_can_be_saved()
    {
        _ = Create(NewBundle().Probe("block"));
        _ = Fails("cannot checkpoint container in created state: only one that is running or paused can be", "checkpoint", "--image-path", Images, Id);
        _ = Ok("kill", Id, "KILL");
        WaitForStatus("stopped");
        _ = Fails("cannot checkpoint container in stopped state: only one that is running or paused can be", "checkpoint", "--image-path", Images, Id);
        Delete();
        _ = Fails("container does not exist", "checkpoint", "--image-path", Images, Id);
        Assert.False(Directory.Exists(Images));
    }

    [Theory]
    [InlineData("exec: \"criu\": executable file not found in $PATH; hint: install criu 3.16 or later on the host", null)]
    [InlineData("'DIRECTORY/criu' ended without an answer: exit status 3: no such library", "echo no such library >&2; exit 3")]
    [InlineData("'DIRECTORY/criu' ended without an answer: signal: killed", "kill -9 $$")]
    public void Without_a_working_criu_the_container_goes_on(string message, string? script)
    {
        message = message.Replace("DIRECTORY", Temp + "/bin", StringComparison.Ordinal);
        SpawnOptions path = Path(script);
        StartContainer();
        CliResult result = Anocir(path, "checkpoint", "--image-path", Images, Id);
        Assert.Equal((1, message), (result.Code, result.Error));
        Assert.Equal("running", Status());
        Assert.False(Directory.Exists(Images));
        Delete();

        _ = Directory.CreateDirectory(Images);
        File.WriteAllText(Images + "/inventory.img", "");
        result = Anocir(path, "restore", "--bundle", Temp + "/bundle1", "--image-path", Images, "--detach", Id);
        Assert.Equal((1, message), (result.Code, result.Error));
        _ = Fails("container does not exist", "state", Id);
    }

    [Fact]
    public void Restore_wants_what_checkpoint_wrote()
    {
        Bundle bundle = NewBundle();
        bundle.Write();
        string expected = $"cannot restore from '{Images}': no inventory.img there: no such file or directory (ENOENT); hint: --image-path names the directory "
            + "that checkpoint wrote";
        _ = Fails(expected, "restore", "--bundle", bundle.Dir, "--image-path", Images, "--detach", Id);
        _ = Fails("container does not exist", "state", Id);
    }

    [Theory]
    [InlineData("--manage-cgroups-mode must be soft, full, strict or ignore, got 'none'", "--manage-cgroups-mode", "none")]
    [InlineData("--network-lock must be iptables, nftables or skip, got 'x'", "--network-lock", "x")]
    [InlineData("--page-server must be ADDRESS:PORT, got 'localhost'", "--page-server", "localhost")]
    [InlineData("--page-server must be ADDRESS:PORT, got '::1:80'", "--page-server", "::1:80")]
    [InlineData("--page-server must be ADDRESS:PORT, got 'h:65536'", "--page-server", "h:65536")]
    [InlineData("namespace \"mount\" is not supported by --empty-ns, only network", "--empty-ns", "mount")]
    [InlineData("invalid --status-fd argument 99: bad file descriptor (EBADF)", "--status-fd", "99")]
    [InlineData("invalid --status-fd argument 0: not writable", "--status-fd", "0")]
    public void A_wrong_value_is_named(string message, string option, string value)
    {
        StartContainer();
        _ = Fails(message, "checkpoint", option, value, "--image-path", Images, Id);
        Assert.Equal("running", Status());
        Delete();
    }

    private string Images => Temp + "/images";

    private void StartContainer()
    {
        _ = Create(NewBundle().Probe("block"));
        _ = Ok("start", Id);
    }

    // A $PATH in which criu is this shell script.
    private SpawnOptions Path(string? script)
    {
        string directory = Directory.CreateDirectory(Temp + "/bin").FullName;
        if (script is not null)
        {
            File.WriteAllText(directory + "/criu", "#!/bin/busybox sh\n" + script + "\n");
            File.SetUnixFileMode(directory + "/criu", (UnixFileMode)0x1ed); // 0755
        }

        return new SpawnOptions { Environment = new Dictionary<string, string?> { ["PATH"] = directory } };
    }
}
