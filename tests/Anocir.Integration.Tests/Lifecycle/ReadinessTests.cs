using System.Collections.Generic;
using System.Globalization;
using Anocir.Integration.Tests.Fixture;
using Anocir.Integration.Tests.Properties;
using Xunit;

namespace Anocir.Integration.Tests.Lifecycle;

/// <summary>$NOTIFY_SOCKET: a container under a service manager says READY=1, and nothing else of what it says is passed on.</summary>
public sealed class ReadinessTests : ContainerTest
{
    private const string Message = "STATUS=starting\nMAINPID=1\nREADY=1\nERRNO=5";

    [Fact]
    public void A_foreground_run_passes_the_line_on_and_stays()
    {
        using var manager = new NotifyListener(Temp + "/manager");
        Bundle bundle = NewBundle().Process("user", """{"uid":1000,"gid":1000}""").Probe("notify", "STATUS=waiting", "notify", Message, "env", "block");
        bundle.Write();

        using Spawned run = Start(With(manager.Path), "run", "--bundle", bundle.Dir, Id);
        run.WaitForOutput("ready");

        Assert.Equal(("READY=1", -1), manager.Receive());
        Assert.Contains("NOTIFY_SOCKET=/run/notify/notify.sock", new Report(run.Stdout).All("env"));
        Assert.True(manager.IsEmpty);
        _ = Ok("kill", Id, "KILL");
        Assert.Equal(137, run.Wait().Code);
    }

    [Theory]
    [InlineData("@")]
    [InlineData("")]
    public void A_detached_run_waits_for_the_line_and_names_the_process(string kind)
    {
        using var manager = new NotifyListener(kind + (kind.Length > 0 ? Tag : Temp + "/manager"));
        Bundle bundle = NewBundle().Probe("notify", Message, "block");
        bundle.Write();

        using Spawned run = Start(With(manager.Path), "run", "--detach", "--bundle", bundle.Dir, Id);

        ServeDetached(manager);
        Assert.Equal(0, run.Wait().Code);
        Delete();
    }

    [Fact]
    public void Start_waits_for_the_line_while_others_may_work_on_the_container()
    {
        using var manager = new NotifyListener(Temp + "/manager");
        Bundle bundle = NewBundle().Probe("notify", "STATUS=waiting", "block");
        bundle.Write();
        Assert.Equal(0, Anocir(With(manager.Path), "create", "--bundle", bundle.Dir, Id).Code);

        using Spawned start = Start(With(manager.Path), "start", Id);
        WaitForStatus("running");
        Delete(); // needs the lock; the end of the container ends the wait

        Assert.Equal((0, ""), (start.Wait().Code, start.Wait().Stderr));
        Assert.True(manager.IsEmpty);
    }

    [Fact]
    public void Without_a_manager_that_listens_nothing_is_started()
    {
        Bundle bundle = NewBundle().Probe("block");
        bundle.Write();

        CliResult result = Anocir(With(Temp + "/nobody"), "run", "--bundle", bundle.Dir, Id);

        Assert.Equal((1, $"anocir run failed: variable NOTIFY_SOCKET: cannot connect to '{Temp}/nobody': no such file or directory (ENOENT)"),
            (result.Code, result.Error));
    }

    private void ServeDetached(NotifyListener manager)
    {
        Assert.Equal(("READY=1\n", -1), manager.Receive());
        Assert.Equal((string.Create(CultureInfo.InvariantCulture, $"MAINPID={Pid()}\n"), -1), manager.Receive());
        (string text, int barrier) = manager.Receive();
        Assert.Equal("BARRIER=1", text);
        Assert.True(barrier >= 0);
        _ = Native.close(barrier);
    }

    private static SpawnOptions With(string socket) => new() { Environment = new Dictionary<string, string?> { ["NOTIFY_SOCKET"] = socket } };
}
