using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Text;
using Anocir.Plan;
using Xunit;

namespace Anocir.Init.Tests;

/// <summary>Hooks that init runs.</summary>
public class HookTests : StepTest
{
    private const ulong Limit = 60_000;

    private static readonly string[] Environment = ["PATH=/usr/bin:/bin", "NAME=value"];

    [Fact]
    public void AHookReadsTheStateWithInitsOwnPid()
    {
        using var temp = new TempDirectory();
        byte[] state = "{\"pid\":          ,\"id\":\"x\"}"u8.ToArray();
        TestPlan plan = new TestPlan()
            .Add(StepKind.RunHook, Shell($"cat > {temp["state"]}; echo $NAME $0 > {temp["env"]}"), Environment, state, x: Limit, y: 7)
            .Add(StepKind.Exit);
        using InitProcess init = InitProcess.Start(plan);
        Assert.Equal(0, init.WaitExit());
        Assert.Equal($"{{\"pid\":{init.Pid,10},\"id\":\"x\"}}", File.ReadAllText(temp["state"]));
        Assert.Equal("value hook\n", File.ReadAllText(temp["env"]));
    }

    [Theory]
    [InlineData("echo one; echo two >&2; exit 3", 0x300, "one\ntwo\n")]
    [InlineData("kill -9 $$", 9, "")]
    public void AFailingHookIsReportedWithItsLastWords(string script, long status, string words)
    {
        TestPlan plan = WithOutput("before"u8);
        (_, string text) = Fails(plan.Add(StepKind.RunHook, Shell(script), Environment, x: Limit), Errno.ECHILD, status);
        Assert.Equal(words, text);
    }

    [Fact]
    public void OnlyTheEndOfLongOutputIsReported()
    {
        const string Script = "i=0; while [ $i -lt 2000 ]; do echo line $i; i=$((i+1)); done; exit 1";
        (_, string text) = Fails(WithOutput(default).Add(StepKind.RunHook, Shell(Script), Environment, x: Limit), Errno.ECHILD, 0x100);
        Assert.Equal(SyncMessage.MaxText, text.Length);
        Assert.EndsWith("line 1998\nline 1999\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/nowhere", Errno.ENOENT)]
    [InlineData("/etc/passwd", Errno.EACCES)]
    public void AHookThatCannotRunIsThatError(string path, int errno) =>
        Fails(WithOutput(default).Add(StepKind.RunHook, new[] { path, "x" }, Environment, x: Limit), errno, 0);

    [Fact]
    public void AHookHasADeadline()
    {
        const ulong Milliseconds = 1000; // enough for a shell to say a word, on a busy machine too
        var watch = Stopwatch.StartNew();
        byte[] unread = new byte[300_000];
        TestPlan plan = WithOutput(default).Add(StepKind.RunHook, Shell("echo started; exec sleep 1000"), Environment, unread, x: Milliseconds);
        (_, string text) = Fails(plan, Errno.ETIMEDOUT);
        Assert.Equal("started\n", text);
        Assert.InRange(watch.ElapsedMilliseconds, (long)Milliseconds, 15_000);
    }

    [Fact]
    public void AHookNeedNotReadItsInput()
    {
        byte[] unread = new byte[300_000];
        using InitProcess init = Wait(new TestPlan().Add(StepKind.RunHook, Shell("exit 0"), Environment, unread, x: Limit));
        Assert.Equal(0ul, Hex(init.Status("SigIgn")));
    }

    [Fact]
    public void AHookMayReadAllOfALargeInput()
    {
        using var temp = new TempDirectory();
        using InitProcess init = Wait(new TestPlan()
            .Add(StepKind.RunHook, Shell($"wc -c > {temp["count"]}"), Environment, new byte[300_000], x: Limit));
        Assert.Equal("300000\n", File.ReadAllText(temp["count"]));
    }

    [Fact]
    public void AHookHasNothingOfInitsButWhatItShould()
    {
        using var temp = new TempDirectory();
        string script = $"ls /proc/self/fd > {temp["fds"]}; cat /proc/self/status > {temp["status"]}; pwd > {temp["pwd"]}; umask > {temp["umask"]}";
        var plan = new TestPlan();
        short directory = plan.Slot();
        plan.Add(StepKind.CloseRange, x: 3, y: InitProcess.FirstFd - 1).Add(StepKind.SetUmask, x: 0x17)
            .Add(StepKind.Open, temp.AddDirectory("cwd"), a: directory, x: O.PATH)
            .Add(StepKind.RunHook, Shell(script), Environment, x: Limit, b: directory);
        using InitProcess init = Wait(plan);
        Assert.Equal("0\n1\n2\n3\n", File.ReadAllText(temp["fds"])); // 3 is ls's own
        string status = File.ReadAllText(temp["status"]);
        Assert.Contains("SigIgn:\t0000000000000000", status, StringComparison.Ordinal);
        Assert.Contains("SigBlk:\t0000000000000000", status, StringComparison.Ordinal);
        Assert.Equal(temp["cwd"] + "\n", File.ReadAllText(temp["pwd"]));
        Assert.Equal("0027\n", File.ReadAllText(temp["umask"]));
        Assert.Equal("/", Os.ReadLink($"/proc/{init.Pid}/cwd")[..1]);
        Assert.NotEqual(temp["cwd"], Os.ReadLink($"/proc/{init.Pid}/cwd"));
        Assert.Equal("", File.ReadAllText($"/proc/{init.Pid}/task/{init.Pid}/children"));
    }

    [Fact]
    public void TheControllersDeathKillsTheHook()
    {
        using var temp = new TempDirectory();
        TestPlan plan = new TestPlan().Add(
            StepKind.RunHook, Shell($"echo $$ > {temp["new"]}; mv {temp["new"]} {temp["pid"]}; exec sleep 1000"), Environment, x: Limit);
        using InitProcess init = InitProcess.Start(plan);
        Os.Until(() => File.Exists(temp["pid"]), "the hook did not start");
        int hook = int.Parse(File.ReadAllText(temp["pid"]), CultureInfo.InvariantCulture);
        init.CloseSocket();
        Assert.Equal(1, init.WaitExit());
        Assert.False(Directory.Exists($"/proc/{hook}"));
    }

    private static string[] Shell(string script) => ["/bin/sh", "sh", "-c", script, "hook"];

    private static TestPlan WithOutput(ReadOnlySpan<byte> before)
    {
        var plan = new TestPlan();
        plan.SlotTable[Slots.HookOutput] = Os.Memfd(before, append: true);
        return plan;
    }
}
