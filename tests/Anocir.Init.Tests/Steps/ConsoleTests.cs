using System;
using System.IO;
using System.Text;
using Anocir.Plan;
using Xunit;

namespace Anocir.Init.Tests;

/// <summary>The terminal of a container.</summary>
public class ConsoleTests : StepTest
{
    [Fact]
    public void TheConsoleIsASessionsTerminal()
    {
        TestPlan plan = new TestPlan()
            .Add(StepKind.SetSid)
            .Add(StepKind.Open, "/", a: Slots.Root, x: O.PATH)
            .Add(StepKind.OpenConsole, b: Slots.Root, x: 33, y: 111)
            .Add(StepKind.SendFd, a: Slots.ConsoleMaster, b: Slots.Sync, x: (ulong)SyncKind.Console)
            .Add(StepKind.Close, a: Slots.ConsoleMaster)
            .Add(StepKind.UseConsole, a: Slots.ConsoleSlave)
            .Add(StepKind.FindProgram, new[] { "/bin/sh" })
            .Add(StepKind.Sync, x: (ulong)SyncKind.Ready, y: (ulong)SyncKind.Committed)
            .Add(StepKind.Exec, new[] { "sh", "-c", "ls -l /proc/self/fd/0 > /dev/tty; echo end >&2" }, new[] { "PATH=/usr/bin:/bin" });
        using InitProcess init = InitProcess.Start(plan);
        int master = init.ExpectFd(SyncKind.Console);
        init.Expect(SyncKind.Ready);
        Assert.Equal((33, 111), Pty.Size(master));
        for (int fd = 0; fd <= 2; fd++)
        {
            Assert.StartsWith("/dev/pts/", Os.ReadLink($"/proc/{init.Pid}/fd/{fd}"), StringComparison.Ordinal);
        }

        int controllingTerminal = int.Parse(init.Proc("stat").Split(' ')[6]);
        Assert.InRange((controllingTerminal >> 8) & 0xFFF, 136, 143);

        // The three fds survive exec, and lead to the session's terminal.
        init.Send(SyncKind.Committed);
        Assert.Equal(0, init.WaitExit());
        Assert.Matches("fd/0 -> /dev/pts/[0-9]+\r\nend\r\n", Os.ReadUntil(master, "end\r\n"));
        Os.Close(master);
    }

    [Fact]
    public void OnlyASessionLeaderTakesATerminal()
    {
        TestPlan plan = new TestPlan()
            .Add(StepKind.Open, "/", a: Slots.Root, x: O.PATH)
            .Add(StepKind.OpenConsole, b: Slots.Root)
            .Add(StepKind.UseConsole, a: Slots.ConsoleSlave);
        Fails(plan, Errno.EPERM);
        Fails(new TestPlan().Add(StepKind.UseConsole, a: Slots.ConsoleSlave), 9);
    }

    [Fact]
    public void AnythingButADevPtsIsRefused()
    {
        // CVE-2025-52565: the image offers something else in place of the terminal.
        using var temp = new TempDirectory();
        temp.AddDirectory("plain/dev/pts");
        File.Copy("/etc/passwd", temp["plain/dev/pts/ptmx"]);
        Fails(Console(temp["plain"]), Errno.EXDEV);
        temp.AddDirectory("link/dev");
        temp.AddLink("link/dev/pts", "/other");
        temp.AddDirectory("link/other");
        Fails(Console(temp["link"]), Errno.ELOOP);
        temp.AddDirectory("none");
        Fails(Console(temp["none"]), Errno.ENOENT);
    }

    [Fact]
    public void AMountOverPtmxIsNotCrossed()
    {
        TestPlan plan = Isolated();
        short null_ = plan.Slot();
        short ptmx = plan.Slot();
        plan.Add(StepKind.OpenTree, "/dev/null", a: null_, x: 1)
            .Add(StepKind.Open, "/dev/pts/ptmx", a: ptmx, x: O.PATH)
            .Add(StepKind.MoveMount, a: null_, b: ptmx)
            .Add(StepKind.Open, "/", a: Slots.Root, x: O.PATH)
            .Add(StepKind.OpenConsole, b: Slots.Root);
        Fails(plan, Errno.EXDEV);
    }

    private static TestPlan Console(string root) => new TestPlan()
        .Add(StepKind.Open, root, a: Slots.Root, x: O.PATH).Add(StepKind.OpenConsole, b: Slots.Root);
}
