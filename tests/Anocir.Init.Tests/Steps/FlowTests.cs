using System;
using System.Linq;
using System.Runtime.InteropServices;
using Anocir.Plan;
using Xunit;

namespace Anocir.Init.Tests;

/// <summary>Steps that send, wait, jump and end; and how failures are told.</summary>
public class FlowTests : StepTest
{
    private const string Missing = "/nowhere";

    [Fact]
    public void ExitGivesItsCode()
    {
        using InitProcess init = InitProcess.Start(new TestPlan().Add(StepKind.Exit, x: 7), withSocket: false);
        Assert.Equal(7, init.WaitExit());
    }

    [Fact]
    public void TheEndOfThePlanIsExitZero()
    {
        using InitProcess init = InitProcess.Start(new TestPlan().Add(StepKind.Jump, @else: 1), withSocket: false);
        Assert.Equal(0, init.WaitExit());
    }

    [Fact]
    public void JumpSkips()
    {
        TestPlan plan = new TestPlan().Add(StepKind.Jump, @else: 2).Add(StepKind.Exit, x: 1).Add(StepKind.Exit, x: 2);
        using InitProcess init = InitProcess.Start(plan, withSocket: false);
        Assert.Equal(2, init.WaitExit());
    }

    [Theory]
    [InlineData(Errno.ENOENT, 3)]
    [InlineData(Errno.EPERM, 1)]
    public void ErrnoSetDecidesAboutElse(int errno, int exit)
    {
        TestPlan plan = new TestPlan().Add(StepKind.ChangeDirectory, Missing, @else: 2, errnos: [Errno.EXDEV, errno, Errno.EIO])
            .Add(StepKind.Exit, x: 2).Add(StepKind.Exit, x: 3);
        using InitProcess init = InitProcess.Start(plan);
        Assert.Equal(exit, init.WaitExit());
    }

    [Fact]
    public void IgnoredErrorsAreNotReported()
    {
        TestPlan plan = new TestPlan().Add(StepKind.ChangeDirectory, Missing, flags: StepFlags.IgnoreErrors).Add(StepKind.Exit, x: 2);
        using InitProcess init = InitProcess.Start(plan);
        Assert.Equal(2, init.WaitExit());
        Assert.Null(init.Receive(out _));
    }

    [Fact]
    public void AFailureNamesTheStep() =>
        Fails(new TestPlan().Add(StepKind.SetSid).Add(StepKind.ChangeDirectory, Missing), Errno.ENOENT, 0);

    [Fact]
    public void WithoutASocketAFailureIsAnExitCode()
    {
        using InitProcess init = InitProcess.Start(new TestPlan().Add(StepKind.ChangeDirectory, Missing), withSocket: false);
        Assert.Equal(1, init.WaitExit());
    }

    [Fact]
    public void ARefusedPlanIsReported()
    {
        TestPlan plan = new TestPlan().Add(StepKind.SetSid).Add((StepKind)999);
        using InitProcess init = InitProcess.Start(plan);
        SyncMessage message = init.Expect(SyncKind.Failed);
        Assert.Equal(SyncMessage.InvalidPlan, message.Step);
        Assert.Equal((Errno.EBADMSG, 1), (message.Errno, (int)message.Value));
        Assert.Equal(1, init.WaitExit());
    }

    [Fact]
    public void ADamagedPlanIsExit125()
    {
        byte[] image = new TestPlan().Add(StepKind.Exit).Build();
        image[0] ^= 1;
        using InitProcess init = InitProcess.Start(image);
        Assert.Equal(125, init.WaitExit());
    }

    [Fact]
    public void SyncWaitsForItsMessageOnly()
    {
        using InitProcess init = InitProcess.Start(
            new TestPlan().Add(StepKind.Sync, x: (ulong)SyncKind.HooksReached, y: (ulong)SyncKind.HooksDone).Add(StepKind.Exit, x: 9));
        init.Expect(SyncKind.HooksReached);
        init.Send(SyncKind.Committed);
        SyncMessage failure = init.Expect(SyncKind.Failed);
        Assert.Equal((Errno.EPROTO, (long)SyncKind.Committed), (failure.Errno, failure.Value));
        Assert.Equal(1, init.WaitExit());
    }

    [Fact]
    public void SyncGoesOnWithTheRightMessage()
    {
        using InitProcess init = InitProcess.Start(
            new TestPlan().Add(StepKind.Sync, y: (ulong)SyncKind.MapsWritten).Add(StepKind.Exit, x: 9));
        init.Send(SyncKind.MapsWritten);
        Assert.Equal(9, init.WaitExit());
    }

    [Fact]
    public void TheControllersDeathEndsASyncWait()
    {
        using InitProcess init = Wait(new TestPlan());
        init.CloseSocket();
        Assert.Equal(1, init.WaitExit());
    }

    [Fact]
    public void TheControllersDeathEndsTheOtherWaits()
    {
        (int ours, int theirs) = Os.SocketPair();
        var receive = new TestPlan();
        receive.Add(StepKind.ReceiveFd, a: receive.Slot(), b: receive.Slot(theirs), x: 10);
        (int startRead, int startWrite) = Os.Pipe();
        var start = new TestPlan();
        start.SlotTable[Slots.StartFifo] = startRead;
        start.Add(StepKind.WaitForStart);
        var hook = new TestPlan();
        hook.Add(StepKind.RunHook, new[] { "/bin/sleep", "sleep", "1000" }, System.Array.Empty<string>(), x: 60_000);
        foreach (TestPlan plan in new[] { receive, start, hook })
        {
            using InitProcess init = InitProcess.Start(plan);
            init.CloseSocket();
            Assert.Equal(1, init.WaitExit());
        }

        new[] { ours, theirs, startRead, startWrite }.ToList().ForEach(Os.Close);
    }

    [Fact]
    public void FdsTravelBothWays()
    {
        (int ours, int theirs) = Os.SocketPair();
        int file = Os.Memfd("hello"u8);
        var plan = new TestPlan();
        short there = plan.Slot(theirs);
        short received = plan.Slot();
        plan.Add(StepKind.ReceiveFd, a: received, b: there, x: (ulong)SyncKind.Source)
            .Add(StepKind.SendFd, a: received, b: Slots.Sync, x: (ulong)SyncKind.Console);
        using InitProcess init = InitProcess.Start(plan);
        Os.Close(theirs);
        Os.Check(Socket.SendFd(ours, (uint)SyncKind.Source, file));
        int back = init.ExpectFd(SyncKind.Console);
        Assert.Equal(new System.IO.FileInfo($"/proc/self/fd/{file}").LinkTarget, new System.IO.FileInfo($"/proc/self/fd/{back}").LinkTarget);
        Assert.Equal(0, init.WaitExit());
        new[] { ours, file, back }.ToList().ForEach(Os.Close);
    }

    [Fact]
    public void ReceiveFdWantsAnFdAndAPeer()
    {
        foreach (bool close in new[] { true, false })
        {
            (int ours, int theirs) = Os.SocketPair();
            var plan = new TestPlan();
            short there = plan.Slot(theirs);
            plan.Add(StepKind.ReceiveFd, a: plan.Slot(), b: there, x: (ulong)SyncKind.Source);
            using InitProcess init = InitProcess.Start(plan);
            Os.Close(theirs);
            if (!close)
            {
                Os.Check(Socket.Send(ours, (uint)SyncKind.Source, 0));
            }

            Os.Close(ours);
            Assert.Equal(close ? Errno.EPIPE : Errno.EPROTO, init.Expect(SyncKind.Failed).Errno);
        }
    }

    [Fact]
    public void SendFdFailsWithAnEmptySlot()
    {
        const int EBADF = 9;
        var plan = new TestPlan();
        Fails(plan.Add(StepKind.SendFd, a: plan.Slot(), b: Slots.Sync, x: 6), EBADF);
    }

    [Fact]
    public unsafe void FailuresAfterTheStartByteGoToTheReplyFifo()
    {
        (int startRead, int startWrite) = Os.Pipe();
        (int replyRead, int replyWrite) = Os.Pipe();
        var plan = new TestPlan();
        plan.SlotTable[Slots.StartFifo] = startRead;
        plan.SlotTable[Slots.ReplyFifo] = replyWrite;
        plan.Add(StepKind.FindProgram, new[] { "/nowhere", "/etc/passwd/x", "/bin/true" })
            .Add(StepKind.WaitForStart)
            .Add(StepKind.FindProgram, new[] { "/bin", "/nowhere" });
        using InitProcess init = InitProcess.Start(plan, withSocket: false);
        Os.Close(replyWrite);
        Assert.False(Os.WaitFor(replyRead, milliseconds: 0));
        Os.Write(startWrite, "S"u8);
        Assert.Equal(1, init.WaitExit());
        byte[] answer = Os.Read(replyRead);
        Assert.Equal(1 + sizeof(StartFailure), answer.Length);
        Assert.Equal((byte)'G', answer[0]);
        StartFailure failure = MemoryMarshal.Read<StartFailure>(answer.AsSpan(1));
        Assert.Equal((1, (int)StepKind.FindProgram, 0u), (failure.Version, failure.StepKind, failure.Step));
        Assert.Equal((Errno.EISDIR, 0), (failure.Errno, (int)failure.Value));
        new[] { startRead, startWrite, replyRead }.ToList().ForEach(Os.Close);
    }

    /// <summary>'G' is the last act before execve: who is killed before, in a startContainer hook, has not said it.</summary>
    [Fact]
    public unsafe void ExecSaysThatItIsNextAndThenWhyItFailed()
    {
        (int startRead, int startWrite) = Os.Pipe();
        (int replyRead, int replyWrite) = Os.Pipe();
        string script = System.IO.Path.GetTempFileName();
        System.IO.File.WriteAllText(script, "#!/nowhere\n");
        System.IO.File.SetUnixFileMode(script, (System.IO.UnixFileMode)0x1ed);
        TestPlan Plan() => new TestPlan().Add(StepKind.FindProgram, new[] { script }).Add(StepKind.WaitForStart);
        TestPlan failing = Plan().Add(StepKind.Exec, new[] { "x" }, System.Array.Empty<string>());
        TestPlan hanging = Plan().Add(StepKind.Sync, x: 0, y: (ulong)SyncKind.Committed).Add(StepKind.Exec, new[] { "x" }, System.Array.Empty<string>());
        foreach (TestPlan plan in new[] { failing, hanging })
        {
            plan.SlotTable[Slots.StartFifo] = startRead;
            plan.SlotTable[Slots.ReplyFifo] = replyWrite;
        }

        using (InitProcess init = InitProcess.Start(hanging))
        {
            Os.Write(startWrite, "S"u8);
            Os.Until(() => Os.Sleeps(init.Pid) && !Os.WaitFor(startRead, milliseconds: 0), "init took the start byte and waits");
            init.CloseSocket();
            Assert.Equal(1, init.WaitExit());
            Assert.False(Os.WaitFor(replyRead, milliseconds: 0));
        }

        using (InitProcess init = InitProcess.Start(failing, withSocket: false))
        {
            Os.Write(startWrite, "S"u8);
            Assert.Equal(1, init.WaitExit());
            byte[] answer = Os.Read(replyRead);
            Assert.Equal(1 + sizeof(StartFailure) + script.Length, answer.Length);
            StartFailure failure = MemoryMarshal.Read<StartFailure>(answer.AsSpan(1));
            Assert.Equal(((byte)'G', (int)StepKind.Exec, Errno.ENOENT), (answer[0], failure.StepKind, failure.Errno));
        }

        System.IO.File.Delete(script);
        new[] { startRead, startWrite, replyRead, replyWrite }.ToList().ForEach(Os.Close);
    }
}
