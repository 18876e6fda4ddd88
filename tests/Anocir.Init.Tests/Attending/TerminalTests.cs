using System;
using System.IO;
using System.Linq;
using System.Text;
using Anocir.Plan;
using Xunit;

namespace Anocir.Init.Tests;

/// <summary>Attend with a terminal: the bytes of both directions, its size, its end.</summary>
public class TerminalTests : StepTest
{
    [Fact]
    public void BytesPassBothWays()
    {
        using var inner = new Pty();
        using var outer = new Pty();
        Pty.MakeRaw(outer.Slave);
        using AttendProcess attend = AttendProcess.Start(
            "stty -echo; echo ready; read line; echo got $line; exit 3", inner, stdio: [(outer.Slave, 0), (outer.Slave, 1), (outer.Slave, 2)]);
        Os.ReadUntil(outer.Master, "ready\r\n");
        Os.Write(outer.Master, "hello\n"u8);
        Os.ReadUntil(outer.Master, "got hello\r\n");
        Assert.Equal(3, attend.WaitExit());
    }

    [Fact]
    public void TheSizeFollowsTheCallersTerminal()
    {
        using var inner = new Pty();
        using var outer = new Pty();
        Pty.MakeRaw(outer.Slave);
        Pty.Resize(outer.Slave, 11, 22);
        using AttendProcess attend = AttendProcess.Start("sleep 1000", inner, stdio: [(outer.Slave, 0), (outer.Slave, 1), (outer.Slave, 2)]);
        attend.WaitUntilAttending();
        Assert.Equal((11, 22), Pty.Size(inner.Master));
        Pty.Resize(outer.Slave, 33, 44);
        Os.Kill(attend.Pid, Sig.WINCH);
        Os.Until(() => Pty.Size(inner.Master) == (33, 44), "the size did not follow");
        Os.Kill(attend.Pid, Sig.KILL);
    }

    [Fact]
    public void TheSettingsComeBackWhateverTheEnd()
    {
        foreach (string script in new[] { "exit 0", "kill -9 $$" })
        {
            using var inner = new Pty();
            using var outer = new Pty();
            byte[] before = Pty.Settings(outer.Slave);
            Pty.MakeRaw(outer.Slave);
            Assert.NotEqual(before, Pty.Settings(outer.Slave));
            using AttendProcess attend = AttendProcess.Start(
                script, inner, before, stdio: [(outer.Slave, 0), (outer.Slave, 1), (outer.Slave, 2)]);
            attend.WaitExit();
            Assert.Equal(before, Pty.Settings(outer.Slave));
        }
    }

    [Fact]
    public void AllOutputArrivesThroughASlowPipe()
    {
        // More than every buffer between; the child is long dead when the last of it is read.
        using var inner = new Pty();
        (int read, int write) = Os.Pipe();
        using AttendProcess attend = AttendProcess.Start("stty raw; seq 1 60000; exit 4", inner, stdio: (write, 1));
        Os.Close(write);
        string expected = string.Concat(Enumerable.Range(1, 60000).Select(i => i + "\n"));
        Assert.Equal(expected, ReadAll(read));
        Assert.Equal(4, attend.WaitExit());
        Os.Close(read);
    }

    private static string ReadAll(int read)
    {
        var text = new StringBuilder();
        for (byte[] part = Os.Read(read); part.Length > 0; part = Os.Read(read, 1000))
        {
            text.Append(Encoding.ASCII.GetString(part));
        }

        return text.ToString();
    }

    [Fact]
    public void TheLastWordsOfEveryRunArrive()
    {
        for (int i = 0; i < 15; i++)
        {
            using var inner = new Pty();
            (int read, int write) = Os.Pipe();
            using AttendProcess attend = AttendProcess.Start("echo last words", inner, stdio: (write, 1));
            Os.Close(write);
            Assert.Equal("last words\r\n", ReadAll(read)); // a terminal may pass the end of a line on for itself
            Os.Close(read);
        }
    }

    [Fact]
    public void SomebodyElseOnTheTerminalDoesNotHoldTheEndUp()
    {
        using var temp = new TempDirectory();
        using var inner = new Pty();
        (int read, int write) = Os.Pipe();
        using AttendProcess attend = AttendProcess.Start(
            $"setsid sleep 1000 & echo $! > {temp["pid"]}; echo done; exit 6", inner, stdio: (write, 1));
        Os.Close(write);
        Assert.Equal(6, attend.WaitExit());
        Assert.Equal("done\r\n", Encoding.ASCII.GetString(Os.Read(read)));
        Os.Kill(int.Parse(File.ReadAllText(temp["pid"])), Sig.KILL);
        Os.Close(read);
    }

    [Fact]
    public void TheEndOfInputIsNotTheEnd()
    {
        using var inner = new Pty();
        (int inRead, int inWrite) = Os.Pipe();
        (int outRead, int outWrite) = Os.Pipe();
        using AttendProcess attend = AttendProcess.Start(
            "stty -echo; read a; echo one $a; read b; exit 8", inner, stdio: [(inRead, 0), (outWrite, 1)]);
        Os.Close(inRead);
        Os.Close(outWrite);
        Os.Write(inWrite, "x\n"u8);
        Os.Close(inWrite);
        Os.ReadUntil(outRead, "one x\r\n");
        Os.Write(inner.Master, "y\n"u8);
        Assert.Equal(8, attend.WaitExit());
        Os.Close(outRead);
    }

    [Fact]
    public void AReaderThatGoesAwayDoesNotBlockTheContainer()
    {
        using var inner = new Pty();
        (int read, int write) = Os.Pipe();
        using AttendProcess attend = AttendProcess.Start("seq 1 30000; exit 9", inner, stdio: (write, 1));
        Os.Close(write);
        Os.Close(read);
        Assert.Equal(9, attend.WaitExit());
    }

    [Fact]
    public void ABlockedReaderDoesNotBlockSignals()
    {
        using var inner = new Pty();
        (int read, int write) = Os.Pipe();
        using AttendProcess attend = AttendProcess.Start("exec yes", inner, stdio: (write, 1));
        attend.WaitUntilAttending();
        Assert.True(Os.WaitFor(read));

        // Nobody reads. TERM reaches the child, and a second one ends the wait for the reader.
        Os.Until(() => !Os.WaitFor(write, Poll.OUT, milliseconds: 0) && Os.Sleeps(attend.Child), "the pipe did not fill");
        Os.Close(write);
        Os.Kill(attend.Pid, Sig.TERM);
        Os.Until(() => !Directory.Exists($"/proc/{attend.Child}"), "the child lives");
        Os.Kill(attend.Pid, Sig.TERM);
        Assert.Equal(128 + Sig.TERM, attend.WaitExit());
        Os.Close(read);
    }
}
