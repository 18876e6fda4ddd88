using System;
using System.IO;
using System.Linq;
using System.Text;
using Anocir.Plan;
using Xunit;

namespace Anocir.Init.Tests;

/// <summary>Attend without a terminal: exit codes, signals, children.</summary>
public class AttendTests : StepTest
{
    [Theory]
    [InlineData("exit 7", 7)]
    [InlineData("exit 0", 0)]
    [InlineData("kill -9 $$", 137)]
    [InlineData("kill -TERM $$", 143)]
    public void TheExitCodeIsTheChilds(string script, int code)
    {
        using AttendProcess attend = AttendProcess.Start(script);
        Assert.Equal(code, attend.WaitExit());
    }

    [Fact]
    public void SignalsAreForwarded()
    {
        using var temp = new TempDirectory();
        string script = $"trap 'echo usr1 >> {temp["log"]}' USR1; trap 'echo int >> {temp["log"]}; exit 9' INT; touch {temp["ready"]}; while :; do sleep 0.01; done";
        using AttendProcess attend = AttendProcess.Start(script);
        attend.WaitUntilAttending();
        Os.Until(() => File.Exists(temp["ready"]), "the child does not run");
        Os.Kill(attend.Pid, 10);
        Os.Until(() => File.Exists(temp["log"]), "no signal came");
        Os.Kill(attend.Pid, Sig.WINCH);
        Os.Kill(attend.Pid, Sig.URG);
        Os.Kill(attend.Pid, Sig.INT);
        Assert.Equal(9, attend.WaitExit());
        Assert.Equal("usr1\nint\n", File.ReadAllText(temp["log"]));
    }

    [Fact]
    public void OtherChildrenAreReapedAndNotMistaken()
    {
        using var temp = new TempDirectory();
        string others = string.Concat(Enumerable.Range(0, 20).Select(i => $"( exit {i} ) & ")) + $"( while [ ! -e {temp["go"]} ]; do sleep 0.01; done; exit 77 ) & ";
        using AttendProcess attend = AttendProcess.Start($"while [ ! -e {temp["end"]} ]; do sleep 0.01; done; exit 5", others: others);
        attend.WaitUntilAttending();
        temp.AddFile("go");
        Os.Until(
            () => File.ReadAllText($"/proc/{attend.Pid}/task/{attend.Pid}/children").Trim() == attend.Child.ToString(),
            "children were not reaped");
        temp.AddFile("end");
        Assert.Equal(5, attend.WaitExit());
    }

    [Fact]
    public void ChildrenThatDieTogetherAreToldApart()
    {
        // Many ends at once become one SIGCHLD; the right status has to be found among them. What the child waits for ends the others too.
        string others = string.Concat(Enumerable.Repeat("( exec 602>&-; read end <&604; exit 77 ) & ", 30));
        for (int i = 0; i < 5; i++)
        {
            using AttendProcess attend = AttendProcess.Start("exit 5", others: others);
            Assert.Equal(5, attend.WaitExit());
        }
    }

    [Fact]
    public void AStrangersPidfdIsAnError()
    {
        var plan = new TestPlan();
        plan.Add(StepKind.Attend, a: plan.Slot(Os.PidFd(1)));
        int dead = Spawn.Start("/bin/true", ["true"], [], []);
        plan.SlotTable[8] = Os.PidFd(dead);
        Fails(plan, Errno.ECHILD);
        Os.WaitExit(dead);
    }

    [Fact]
    public void TheFirstReadyLineIsPassedOnAndNothingElse()
    {
        (int ours, int container) = Os.SocketPair();
        (int manager, int host) = Os.SocketPair();
        using (AttendProcess attend = AttendProcess.Start("exec sleep 1000", notify: (container, host)))
        {
            foreach (string message in (string[])["STATUS=READY=1", "XREADY=1\nREADY", "MAINPID=1\nREADY=1\nERRNO=5", "READY=1\nSTATUS=again"])
            {
                Os.Write(ours, Encoding.ASCII.GetBytes(message));
            }

            Assert.True(Os.WaitFor(manager));
            Assert.Equal("READY=1", Encoding.ASCII.GetString(Os.Read(manager)));
            Os.Kill(attend.Pid, Sig.TERM);
            Assert.Equal(143, attend.WaitExit());
        }

        new[] { container, host }.ToList().ForEach(Os.Close);
        Assert.Empty(Os.Read(manager)); // the end, and nothing before it
        new[] { ours, manager }.ToList().ForEach(Os.Close);
    }

    [Fact]
    public void AnAttendingInitIsSmall()
    {
        using AttendProcess attend = AttendProcess.Start("sleep 1000");
        attend.WaitUntilAttending();
        string line = File.ReadLines($"/proc/{attend.Pid}/smaps_rollup").First(l => l.StartsWith("Rss:", StringComparison.Ordinal));
        Assert.InRange(int.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]), 1, 100);
        Os.Kill(attend.Pid, Sig.TERM);
        Assert.Equal(143, attend.WaitExit());
    }

    [Fact]
    public void TheControllerLearnsTheExitCode()
    {
        (int read, int write) = Os.Pipe();
        using AttendProcess attend = AttendProcess.Start(
            "exit 42",
            after: plan =>
            {
                short shell = plan.Slot();
                plan.Add(StepKind.Open, "/bin/sh", a: shell)
                    .Add(StepKind.ExecController, new[] { "sh", "-c", "echo \"code $1\"", "x", new string(' ', 40) }, new[] { "A=b" }, a: shell, x: 4);
            },
            stdio: (write, 1));
        Os.Close(write);
        Assert.Equal(0, attend.WaitExit());
        Assert.Equal("code 42\n", Encoding.UTF8.GetString(Os.Read(read)));
        Os.Close(read);
    }
}
