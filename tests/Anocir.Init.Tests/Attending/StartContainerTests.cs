using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using Anocir.Plan;
using Xunit;

namespace Anocir.Init.Tests;

/// <summary>StartContainer: the conversation over the two FIFOs from the attending side.</summary>
public sealed class StartContainerTests : StepTest, IDisposable
{
    private const int ESRCH = 3;
    private readonly int _startRead;
    private readonly int _startWrite;
    private readonly int _replyRead;
    private readonly int _container;
    private int _replyWrite;

    public StartContainerTests()
    {
        (_startRead, _startWrite) = Os.Pipe();
        (_replyRead, _replyWrite) = Os.Pipe();
        _container = Spawn.Start("/bin/sleep", ["sleep", "1000"], [], []);
    }

    [Fact]
    public void GoingAndEndOfFileIsAStart()
    {
        using InitProcess init = InitProcess.Start(Plan(10_000).Add(StepKind.Exit, x: 5));
        ExpectStartByte();
        Os.Write(_replyWrite, "G"u8);
        CloseReply();
        Assert.Equal(5, init.WaitExit());
    }

    [Fact]
    public void EndOfFileAloneIsAKill()
    {
        using InitProcess init = InitProcess.Start(Plan(10_000));
        ExpectStartByte();
        CloseReply();
        Assert.Equal(ESRCH, init.Expect(SyncKind.Failed).Errno);
    }

    [Fact]
    public void ADeadContainerIsNotWaitedFor()
    {
        // Somebody else holds the FIFO open.
        using InitProcess init = InitProcess.Start(Plan(10_000));
        ExpectStartByte();
        Os.Kill(_container, Sig.KILL);
        Assert.Equal(ESRCH, init.Expect(SyncKind.Failed).Errno);
    }

    [Fact]
    public void WhatADeadContainerWroteCounts()
    {
        using InitProcess init = InitProcess.Start(Plan(10_000).Add(StepKind.Exit, x: 6));
        ExpectStartByte();
        Os.Write(_replyWrite, "G"u8);
        Os.Kill(_container, Sig.KILL);
        Assert.Equal(6, init.WaitExit());
    }

    [Fact]
    public void SilenceIsATimeout()
    {
        using InitProcess init = InitProcess.Start(Plan(30));
        Assert.Equal(Errno.ETIMEDOUT, init.Expect(SyncKind.Failed).Errno);
    }

    [Theory]
    [InlineData("X")]
    [InlineData("Gsomething else")]
    public void NonsenseIsAProtocolError(string answer)
    {
        using InitProcess init = InitProcess.Start(Plan(10_000));
        ExpectStartByte();
        Os.Write(_replyWrite, Encoding.ASCII.GetBytes(answer));
        CloseReply();
        Assert.Equal(Errno.EPROTO, init.Expect(SyncKind.Failed).Errno);
    }

    [Fact]
    public void AClosedStartFifoIsAnError()
    {
        TestPlan plan = Plan(10_000);
        plan.SlotTable[8] = -1;
        Fails(plan, 9);
    }

    [Fact]
    public void AFailureRecordReachesTheController()
    {
        (int read, int write) = Os.Pipe();
        TestPlan plan = Plan(10_000);
        plan.Rows[0] = plan.Rows[0] with { Else = 1, Errnos = Errno.EIO };
        string room = new(' ', 4200);
        short shell = plan.Slot(Os.Open("/bin/sh", O.RDONLY));
        plan.Add(
            StepKind.ExecController,
            new[] { "sh", "-c", "echo \"[$1][$2]\"", "x", room, room },
            Array.Empty<string>(),
            a: shell,
            x: 4,
            y: 5);
        using InitProcess init = InitProcess.Start(plan, false, (write, 1));
        Os.Close(write);
        ExpectStartByte();
        var failure = new StartFailure
        {
            Version = StartFailure.CurrentVersion, StepKind = (ushort)StepKind.Exec, Step = 99, Errno = 8, TextLength = 4, Value = -1,
        };
        byte[] record = [.. MemoryMarshal.AsBytes(new[] { failure }.AsSpan()), .. "text"u8];
        Os.Write(_replyWrite, [(byte)'G', .. record]);
        CloseReply();
        Assert.Equal(0, init.WaitExit());
        Assert.Equal($"[][{Convert.ToHexStringLower(record)}]\n", Encoding.ASCII.GetString(Os.Read(read)));
        Os.Close(read);
    }

    public void Dispose()
    {
        Os.Kill(_container, Sig.KILL);
        Os.WaitExit(_container);
        CloseReply();
        new[] { _startRead, _startWrite, _replyRead }.ToList().ForEach(Os.Close);
    }

    private TestPlan Plan(ulong milliseconds)
    {
        var plan = new TestPlan();
        short start = plan.Slot(_startWrite);
        short reply = plan.Slot(_replyRead);
        short pidfd = plan.Slot(Os.PidFd(_container));
        return plan.Add(StepKind.StartContainer, a: start, b: reply, x: (ulong)pidfd, y: milliseconds);
    }

    private void ExpectStartByte()
    {
        Assert.True(Os.WaitFor(_startRead));
        Assert.Equal("S"u8.ToArray(), Os.Read(_startRead));
    }

    private void CloseReply()
    {
        if (_replyWrite >= 0)
        {
            Os.Close(_replyWrite);
            _replyWrite = -1;
        }
    }
}
