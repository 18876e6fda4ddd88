using System;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Foreground;

/// <summary>run in the foreground with process.terminal, on a terminal and without one.</summary>
public sealed class TerminalRunTests : ContainerTest
{
    private const uint Icrnl = 0x100, Opost = 1, Onlcr = 4, Isig = 1, Icanon = 2, Echo = 8;

    [Fact]
    public void The_callers_terminal_is_raw_while_the_program_has_its_own_and_is_given_back()
    {
        using var pty = new Pty { Size = (41, 99) };
        (uint Input, uint Output, uint Local) before = pty.Mode;
        using Spawned run = StartOn(pty, "tty", "catch", "15");
        pty.WaitFor("ready");
        Report inside = new(pty.Seen);

        // Its size was right before the program could look, and \n is not doubled: once on the screen's terminal, not also on its own.
        Assert.Equal("41 99", inside["winsize"]);
        Assert.Equal("/dev/pts/0", inside["tty0"]);
        uint output = Convert.ToUInt32(inside["termios"].Split(' ')[1], 16);
        Assert.Equal((Opost, 0u), (output & Opost, output & Onlcr));
        (uint input, output, uint local) = pty.Mode;
        Assert.Equal((0u, Opost | Onlcr, 0u), (input & Icrnl, output & (Opost | Onlcr), local & (Isig | Icanon | Echo)));

        pty.Size = (12, 34);
        pty.WaitFor("winsize\t12 34");
        run.Signal(15); // forwarded
        pty.WaitFor("signal\t15");
        Assert.Equal(0, run.Wait().Code);
        Assert.Equal(before, pty.Mode);
    }

    [Fact]
    public void Keys_arrive_and_the_containers_terminal_makes_signals_of_them()
    {
        using var pty = new Pty();
        using Spawned run = StartOn(pty, "ready", "input");
        pty.WaitFor("ready");
        pty.Type("hello\r");
        pty.WaitFor("hello\nhello\n"); // the echo of its terminal, and what the program copied
        pty.Type("\u0003");
        Assert.Equal(130, run.Wait().Code);
    }

    [Fact]
    public void Without_a_terminal_output_is_what_the_program_wrote()
    {
        Bundle bundle = NewBundle().Shell("printf 'a\\nb\\n'; exit 5");
        bundle.Process["terminal"] = true;
        bundle.Write();
        CliResult result = Anocir("run", "--bundle", bundle.Dir, Id);
        Assert.Equal(new CliResult(5, "a\nb\n", ""), result);
    }

    [Fact]
    public void A_terminal_is_given_back_also_when_the_program_cannot_be_executed_or_is_killed()
    {
        using var pty = new Pty();
        (uint, uint, uint) before = pty.Mode;
        Bundle bundle = NewBundle();
        System.IO.File.WriteAllText(bundle.Rootfs + "/bin/broken", "no program");
        System.IO.File.SetUnixFileMode(bundle.Rootfs + "/bin/broken", System.IO.UnixFileMode.UserExecute | System.IO.UnixFileMode.UserRead);
        bundle.Args("/bin/broken").Process["terminal"] = true;
        bundle.Write();
        using Spawned broken = Start(new SpawnOptions { Terminal = pty.Path }, "run", "--bundle", bundle.Dir, Id);
        pty.WaitFor("exec format error");
        Assert.Equal(1, broken.Wait().Code);
        Assert.Equal(before, pty.Mode);

        using Spawned run = StartOn(pty, "block");
        pty.WaitFor("ready");
        _ = Ok("kill", Id, "KILL");
        Assert.Equal(137, run.Wait().Code);
        Assert.Equal(before, pty.Mode);
    }

    private Spawned StartOn(Pty pty, params string[] words)
    {
        Bundle bundle = NewBundle().Probe(words).WithoutNamespace("pid"); // a PID 1 without handlers would be spared the signals of keys
        bundle.Process["terminal"] = true;
        bundle.Write();
        return Start(new SpawnOptions { Terminal = pty.Path }, "run", "--bundle", bundle.Dir, Id);
    }
}
