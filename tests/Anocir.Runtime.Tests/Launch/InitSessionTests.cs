using System.Runtime.InteropServices;
using Anocir.Linux;
using Anocir.Plan;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Launch;
using Anocir.Runtime.Lifecycle;
using Anocir.Runtime.Planning;
using Xunit;

namespace Anocir.Runtime.Tests.Launch;

/// <summary>What the controller does when the other end says nothing, dies, or dies after it said something.</summary>
public sealed class InitSessionTests
{
    [Fact]
    public void SilenceEndsAtTheDeadlineWithAMessageThatSaysWhatTheProcessDoes()
    {
        (Fd controller, Fd init) = LaunchFiles.Pair();
        using Fd end = init;
        using var session = new InitSession(controller, new PlanWriter()) { SilenceMilliseconds = 1000 };
        ContainerException e = Assert.Throws<ContainerException>(() => session.Receive(out _));
        Assert.Equal("waited 1 s for container init (no process yet); hint: a hanging file system (NFS, FUSE) looks like this", e.Message);
    }

    /// <summary>init has the same end of the socket, so there is no end of file when only the helper dies.</summary>
    [Fact]
    public void TheDeathOfTheHelperIsNoticedWhileTheSocketIsStillOpen()
    {
        (Fd controller, Fd init) = LaunchFiles.Pair();
        using Fd end = init;
        int helper = Sys.Spawn(new SpawnOptions { Path = "/bin/true", Arguments = ["true"], Environment = [] }).Int;
        using var session = new InitSession(controller, new PlanWriter()) { Helper = helper };
        Assert.Throws<InitDiedException>(() => session.Receive(out _));
        Assert.False(Sys.WaitStatus(helper).IsError); // it was only looked at
    }

    [Fact]
    public void WhatTheHelperSaidBeforeItsEndCounts()
    {
        (Fd controller, Fd init) = LaunchFiles.Pair();
        using Fd end = init;
        int helper = Sys.Spawn(new SpawnOptions { Path = "/bin/true", Arguments = ["true"], Environment = [] }).Int;
        Send(end, new SyncMessage { Kind = (uint)SyncKind.Pid, Value = 77 });
        Assert.False(Sys.WaitStatus(helper).IsError);
        using var session = new InitSession(controller, new PlanWriter()) { Helper = helper };
        Assert.Equal(SyncKind.Pid, session.Receive(out _));
        Assert.Equal(77, session.Pid);
    }

    /// <summary>With two helpers the second, which makes the process, may be faster than the first is with its message.</summary>
    [Fact]
    public void TheFirstHelperMayBeLateWithTheSecondOne()
    {
        (Fd controller, Fd init) = LaunchFiles.Pair();
        using Fd end = init;
        int helper = Sys.Spawn(new SpawnOptions { Path = "/bin/true", Arguments = ["true"], Environment = [] }).Int;
        using var session = new InitSession(controller, new PlanWriter()) { Helper = helper, AwaitsSecondHelper = true };
        Send(end, new SyncMessage { Kind = (uint)SyncKind.Pid, Value = 77 });
        Send(end, new SyncMessage { Kind = (uint)SyncKind.Ready });
        Assert.Equal(SyncKind.Pid, session.Receive(out _));
        Assert.Equal(SyncKind.Ready, session.Receive(out _));
        Assert.True(session.AwaitsSecondHelper);
        Assert.Throws<InitDiedException>(() => session.Receive(out _)); // no more than its death is waited for
        Send(end, new SyncMessage { Kind = (uint)SyncKind.Helper, Value = 76 });
        Assert.Equal(SyncKind.Helper, session.Receive(out _));
        Assert.Equal((false, 76), (session.AwaitsSecondHelper, session.SecondHelper));
        Assert.False(Sys.WaitStatus(helper).IsError);
    }

    /// <summary>A peer that ends without having read everything makes the kernel report ECONNRESET before what the peer had sent.</summary>
    [Fact]
    public void AFailureIsHeardAlsoWhenItsSenderDidNotReadEverything()
    {
        (Fd controller, Fd init) = LaunchFiles.Pair();
        var plan = new PlanWriter { Origin = "hostname" };
        plan.Add(StepKind.SetHostname).S0 = plan.Str("name");
        using var session = new InitSession(controller, plan);
        session.Send(SyncKind.CgroupsReady);
        Send(init, new SyncMessage { Kind = (uint)SyncKind.Failed, Errno = (int)Errno.EPERM });
        init.Dispose();
        ContainerException e = Assert.Throws<ContainerException>(() => session.Receive(out _));
        Assert.Equal("cannot set hostname 'name' (hostname): operation not permitted (EPERM)", e.Message);
        Assert.Throws<InitDiedException>(() => session.Receive(out _));
    }

    private static void Send(Fd socket, SyncMessage message) =>
        Assert.False(Sys.Send(socket.Number, MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref message, 1))).IsError);
}
