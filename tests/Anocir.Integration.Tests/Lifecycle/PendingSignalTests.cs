using System;
using System.IO;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Lifecycle;

/// <summary>Signals that come while create or run is at work leave nothing half made behind; here a hook makes it wait.</summary>
public sealed class PendingSignalTests : ContainerTest
{
    private const string EmptyMask = "SigBlk:\t0000000000000000";

    /// <summary>The signal is the program's, as soon as that runs.</summary>
    [Fact]
    public void Run_forwards_what_came_before_the_program()
    {
        // Without a PID namespace the program has the default action: it cannot be too early for a handler.
        Bundle bundle = Waiting(NewBundle().WithoutNamespace("pid").Args("/bin/sleep", "1000"));

        CliResult result = Interrupt([Signals.Term], "run", "--bundle", bundle.Dir, Id);

        Assert.Equal(new CliResult(143, "", ""), result);
        Assert.Contains(EmptyMask, File.ReadAllText(Temp + "/hook"), StringComparison.Ordinal);
        _ = Fails("container does not exist", "state", Id);
    }

    [Theory]
    [InlineData("created", "create")]
    [InlineData("running", "run", "--detach")]
    public void What_does_not_stay_is_not_interrupted(string status, params string[] command)
    {
        Bundle bundle = Waiting(NewBundle().Shell("exec sleep 1000"));

        CliResult result = Interrupt([Signals.Term, Signals.Int, Signals.Hup, Signals.Quit, Signals.Usr1], [.. command, "--bundle", bundle.Dir, "--pid-file", Temp + "/pid", Id]);

        Assert.Equal(new CliResult(0, "", ""), result);
        Assert.Equal(status, Status());
        Assert.Contains(EmptyMask, File.ReadAllText($"/proc/{Pid()}/status"), StringComparison.Ordinal);
        Assert.Contains(EmptyMask, File.ReadAllText(Temp + "/hook"), StringComparison.Ordinal);
        Assert.Contains(EmptyMask, Ok("exec", Id, "/bin/grep", "SigBlk", "/proc/self/status").Stdout, StringComparison.Ordinal);
        Delete();
    }

    /// <summary>As long as nothing is made, Ctrl-C works: the configuration may come from a terminal.</summary>
    [Fact]
    public void A_command_that_still_reads_its_configuration_ends()
    {
        string fifo = Temp + "/fifo";
        _ = Native.Check(Native.mkfifo(fifo, 0x180), "mkfifo");
        using Spawned run = Start("run", "--bundle", NewBundle().Dir, "--config", fifo, Id);
        using var writer = new FileStream(fifo, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        Deadline.WaitFor(() => Proc.Fds(run.Pid).ContainsValue(fifo), "the command to open the configuration");

        run.Signal(Signals.Int);

        Assert.Equal(128 + Signals.Int, run.Wait().Code);
    }

    private Bundle Waiting(Bundle bundle)
    {
        _ = bundle.HookScript(
            "createRuntime", $"/bin/busybox grep SigBlk /proc/self/status >{Temp}/hook; >{Temp}/waits; while ! [ -e {Temp}/go ]; do /bin/busybox sleep .05; done");
        bundle.Write();
        return bundle;
    }

    private CliResult Interrupt(int[] signals, params string[] command)
    {
        using Spawned started = Start(command);
        Deadline.WaitFor(() => File.Exists(Temp + "/waits") || started.HasEnded, "the hook to wait");
        foreach (int signal in signals)
        {
            started.Signal(signal);
        }

        File.WriteAllText(Temp + "/go", "");
        return started.Wait();
    }
}
