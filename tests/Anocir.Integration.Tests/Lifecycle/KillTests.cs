using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Lifecycle;

/// <summary>kill: signals in every spelling, whom they reach.</summary>
public sealed class KillTests : ContainerTest
{
    [Fact]
    public void Signals_arrive_in_every_spelling()
    {
        (string Text, int Number)[] signals =
        [
            ("HUP", 1), ("SIGHUP", 1), ("hup", 1), ("sighup", 1), ("1", 1), ("USR1", 10), ("SIGUSR2", 12), ("Winch", 28), ("CONT", 18),
            ("RTMIN", 34), ("SIGRTMIN+3", 37), ("rtmin+30", 64), ("RTMAX", 64), ("SIGRTMAX-1", 63), ("40", 40), ("64", 64),
        ];
        using Spawned created = CreateWithOutput(NewBundle().Probe("catch", "15"));
        _ = Ok("start", Id);
        created.WaitForOutput("ready");

        foreach ((string text, int number) in signals)
        {
            int before = Count(created, number);
            CliResult killed = Ok("kill", Id, text);
            Assert.Equal("", killed.Stdout + killed.Stderr);
            Deadline.WaitFor(() => Count(created, number) == before + 1, $"signal {number} for kill {text}; got:\n{created.Stdout}");
        }

        _ = Ok("kill", Id, "0");
        _ = Ok("kill", Id); // TERM by default
        WaitForStatus("stopped");
        Assert.Equal("15", new Report(created.Stdout).All("signal")[^1]);
        Assert.Equal(signals.Length + 1, new Report(created.Stdout).All("signal").Length);
        _ = Ok("delete", Id);
    }

    [Theory]
    [InlineData("WRONG")]
    [InlineData("65")]
    [InlineData("-1")]
    [InlineData("SIGRTMIN+31")]
    [InlineData("1x")]
    public void Unknown_signals_are_refused(string signal)
    {
        _ = Create(NewBundle());

        _ = Fails($"unknown signal \"{signal}\"", "kill", Id, signal);

        Assert.Equal("created", Status());
        Delete();
    }

    // Process 1 of a PID namespace has no default actions; whose signal should end a container need not know whether it was started.
    [Theory]
    [InlineData("KILL")]
    [InlineData("TERM")]
    [InlineData("HUP")]
    [InlineData("INT")]
    [InlineData("QUIT")]
    public void A_created_container_can_be_killed(string signal)
    {
        _ = Create(NewBundle());

        _ = Ok("kill", Id, signal);

        WaitForStatus("stopped");
        _ = Ok("delete", Id);
    }

    [Fact]
    public void A_stopped_container_is_not_running()
    {
        _ = Create(NewBundle().Probe("exit", "0"));
        _ = Ok("start", Id);
        WaitForStatus("stopped");

        _ = Fails("container not running", "kill", Id);
        _ = Fails("container not running", "kill", Id, "KILL");
        _ = Ok("kill", "--all", Id, "KILL");
        _ = Ok("kill", "-a", Id);
        _ = Ok("delete", Id);
    }

    [Fact]
    public void Without_a_pid_namespace_kill_ends_every_process()
    {
        using Spawned created = CreateWithOutput(NewBundle().WithoutNamespace("pid").Probe("fork", "3", "orphan", "block"));
        _ = Ok("start", Id);
        created.WaitForOutput("ready");
        List<int> all = Proc.Descendants(Environment.ProcessId);
        Assert.Equal(5, all.Count);

        _ = Ok("kill", Id, "KILL");

        Deadline.WaitFor(() => all.All(static pid => !Proc.IsAlive(pid)), "all processes to die");
        WaitForStatus("stopped");
        _ = Ok("delete", Id);
    }

    [Fact]
    public void Without_a_pid_namespace_other_signals_reach_the_init_alone()
    {
        using Spawned created = CreateWithOutput(NewBundle().WithoutNamespace("pid").Probe("fork", "2", "catch", "15"));
        _ = Ok("start", Id);
        created.WaitForOutput("ready");
        int[] children = [.. new Report(created.Stdout).All("child").Select(static pid => int.Parse(pid, CultureInfo.InvariantCulture))];

        _ = Ok("kill", Id, "TERM");
        WaitForStatus("stopped");

        Assert.All(children, static pid => Assert.True(Proc.IsAlive(pid)));
        Delete();
        Assert.All(children, static pid => Assert.False(Proc.IsAlive(pid)));
    }

    [Fact]
    public void All_signals_every_process_of_the_cgroup()
    {
        using Spawned created = CreateWithOutput(NewBundle().WithoutNamespace("pid").Probe("fork", "2", "catch", "15"));
        _ = Ok("start", Id);
        created.WaitForOutput("ready");
        int[] children = [.. new Report(created.Stdout).All("child").Select(static pid => int.Parse(pid, CultureInfo.InvariantCulture))];

        _ = Ok("kill", "--all", Id, "TERM");

        Deadline.WaitFor(() => children.All(static pid => !Proc.IsAlive(pid)), "the children to die");
        WaitForStatus("stopped");
        _ = Ok("delete", Id);
    }

    [Fact]
    public void Regex_names_several()
    {
        _ = CreateAs(Id + "-a1", NewBundle());
        _ = CreateAs(Id + "-a2", NewBundle());
        _ = CreateAs(Id + "-b", NewBundle());

        _ = Ok("kill", "--regex", Id + "-a.*", "KILL");

        WaitForStatus("stopped", Id + "-a1");
        WaitForStatus("stopped", Id + "-a2");
        Assert.Equal("created", Status(Id + "-b"));
        _ = Ok("delete", "--regex", Id + "-a");
        Assert.Equal(Id + "-b\n", Ok("list", "-q").Stdout);
        _ = Fails("invalid regular expression", "delete", "--regex", "(");
        _ = Ok("delete", "--force", "--regex", "^" + Id);
    }

    private static int Count(Spawned created, int signal) =>
        new Report(created.Stdout).All("signal").Count(value => value == signal.ToString(CultureInfo.InvariantCulture));
}
