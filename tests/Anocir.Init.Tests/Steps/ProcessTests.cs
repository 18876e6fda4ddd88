using System;
using System.Globalization;
using System.IO;
using System.Linq;
using Anocir.Plan;
using Xunit;

namespace Anocir.Init.Tests;

/// <summary>Steps that change the process, seen from /proc.</summary>
public class ProcessTests : StepTest
{
    [Fact]
    public void SetNameIsWhatPsShows()
    {
        using InitProcess init = Wait(new TestPlan().Add(StepKind.SetName, "anocir:init"));
        Assert.Equal("anocir:init\n", init.Proc("comm"));
        Assert.Equal("anocir\0init\0", init.Proc("cmdline"));
    }

    [Theory]
    [InlineData(0, "root")]
    [InlineData(1, "user")]
    public void ANonDumpableProcessBelongsToRoot(ulong dumpable, string owner)
    {
        using InitProcess init = Wait(new TestPlan().Add(StepKind.SetIds, y: 4321, z: 4321).Add(StepKind.SetDumpable, x: dumpable));
        Assert.Equal(owner == "root" ? 0u : 4321u, Owner($"/proc/{init.Pid}/environ"));
    }

    [Fact]
    public void TheDeathSignalFollowsTheParent()
    {
        (int read, int write) = Os.Pipe();
        (int ours, int theirs) = Os.SocketPair();
        var plan = new TestPlan();
        plan.SlotTable[Slots.Sync] = 601;
        plan.Add(StepKind.SetParentDeathSignal, x: Sig.KILL).Add(StepKind.Sync, x: (ulong)SyncKind.Ready, y: (ulong)SyncKind.Committed);
        int image = Os.Memfd(plan.Build());

        // The shell is the parent; init keeps the pipe's writing end open, so its end of file is init's death.
        int shell = Spawn.Start(
            "/bin/sh", ["sh", "-c", $"PLAN=600 {InitProcess.Program} init 0 & wait"], [], [(image, 600), (theirs, 601), (write, 602)]);
        Os.Close(theirs);
        Os.Close(write);
        Assert.True(Os.WaitFor(ours));
        Os.Kill(shell, Sig.KILL);
        Os.WaitExit(shell);
        Assert.True(Os.WaitFor(read, Poll.HUP));
        new[] { read, ours, image }.ToList().ForEach(Os.Close);
    }

    [Fact]
    public void ADeathSignalThatCameTooLateIsNoticed()
    {
        // A socket whose other end is closed already is a controller that died before the prctl.
        (int ours, int theirs) = Os.SocketPair();
        Os.Close(ours);
        var plan = new TestPlan();
        plan.SlotTable[Slots.Sync] = theirs;
        plan.Add(StepKind.SetParentDeathSignal, x: Sig.KILL).Add(StepKind.Exit, x: 5);
        using InitProcess init = InitProcess.Start(plan, withSocket: false);
        Os.Close(theirs);
        Assert.Equal(1, init.WaitExit());
    }

    [Fact]
    public void SetSidMakesASession()
    {
        using InitProcess init = Wait(new TestPlan().Add(StepKind.SetSid));
        Assert.Equal(init.Pid.ToString(CultureInfo.InvariantCulture), init.Proc("stat").Split(' ')[5]);
        Fails(new TestPlan().Add(StepKind.SetSid).Add(StepKind.SetSid), Errno.EPERM);
    }

    [Fact]
    public void UmaskPersonalityAndNoNewPrivileges()
    {
        using InitProcess init = Wait(
            new TestPlan().Add(StepKind.SetUmask, x: 0x1F).Add(StepKind.SetPersonality, x: 8).Add(StepKind.SetNoNewPrivileges));
        Assert.Equal("0037", init.Status("Umask"));
        Assert.Equal("00000008\n", init.Proc("personality"));
        Assert.Equal("1", init.Status("NoNewPrivs"));
    }

    [Fact]
    public void AffinityIsTheMask()
    {
        using InitProcess init = Wait(new TestPlan().Add(StepKind.SetAffinity, new byte[] { 1, 0, 0, 0, 0, 0, 0, 0 }));
        Assert.Equal("0", init.Status("Cpus_allowed_list"));
        Fails(new TestPlan().Add(StepKind.SetAffinity, new byte[8]), Errno.EINVAL);
    }

    [Fact]
    public void TheSchedulerIsTheKernelsStruct()
    {
        const int Policy = 40; // fields of /proc/PID/stat, from 0 on (proc_pid_stat(5))
        const int Nice = 18;
        byte[] attributes = new byte[56];
        attributes[0] = 56;
        attributes[4] = 3; // SCHED_BATCH
        attributes[16] = 7;
        using InitProcess init = Wait(new TestPlan().Add(StepKind.SetScheduler, attributes));
        string[] stat = init.Proc("stat").Split(' ');
        Assert.Equal(("3", "7"), (stat[Policy], stat[Nice]));
        attributes[4] = 77;
        Fails(new TestPlan().Add(StepKind.SetScheduler, attributes), Errno.EINVAL);
    }

    [Fact]
    public void TheIoPriorityIsClassAndNumber()
    {
        const int BestEffort5 = (2 << 13) | 5;
        using InitProcess init = Wait(new TestPlan().Add(StepKind.SetIoPriority, x: 1, y: BestEffort5));
        Assert.Equal(BestEffort5, (int)Native.Syscall(IoPrioGet, 1, init.Pid));
        Fails(new TestPlan().Add(StepKind.SetIoPriority, x: 1, y: 7 << 13), Errno.EINVAL);
    }

    [Fact]
    public void TheMemoryPolicyHasItsNodes()
    {
        if (!File.Exists("/proc/self/numa_maps"))
        {
            Fails(new TestPlan().Add(StepKind.SetMemoryPolicy, new byte[] { 1, 0, 0, 0, 0, 0, 0, 0 }, x: 2, y: 65), Errno.ENOSYS);
            return;
        }

        using InitProcess init = Wait(new TestPlan().Add(StepKind.SetMemoryPolicy, new byte[] { 1, 0, 0, 0, 0, 0, 0, 0 }, x: 2, y: 65));
        Assert.Contains(" bind:0 ", init.Proc("numa_maps"), StringComparison.Ordinal);
        Fails(new TestPlan().Add(StepKind.SetMemoryPolicy, x: 2), Errno.EINVAL);
    }

    [Fact]
    public void RlimitsAreSoftAndHard()
    {
        const int NoFile = 7;
        using InitProcess init = Wait(new TestPlan().Add(StepKind.SetRlimit, x: NoFile, y: 700, z: 800));
        string line = init.Proc("limits").Split('\n').First(l => l.StartsWith("Max open files", StringComparison.Ordinal));
        Assert.Equal(["700", "800"], line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3..5]);
        Fails(new TestPlan().Add(StepKind.SetRlimit, x: NoFile, y: 2, z: 1), Errno.EINVAL);
        Fails(new TestPlan().Add(StepKind.SetRlimit, x: 99), Errno.EINVAL);
    }

    [Fact]
    public void TheSeccompFilterIsLoaded()
    {
        // RET ALLOW; and one that makes uname(2) fail, to see it work.
        byte[] allow = [6, 0, 0, 0, 0, 0, 0xFF, 0x7F];
        using InitProcess init = Wait(new TestPlan().Add(StepKind.LoadSeccomp, allow));
        Assert.Equal("2", init.Status("Seccomp"));
        Fails(new TestPlan().Add(StepKind.LoadSeccomp, new byte[] { 6, 0, 0, 0, 0, 0, 0xFF, 0x7F, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0 }), Errno.EINVAL);
        Fails(new TestPlan().Add(StepKind.LoadSeccomp, allow, x: 0x8000), Errno.EINVAL);
    }

    [Fact]
    public void AListenerFillsItsSlotAndItsNumberIsTold()
    {
        const ulong NewListener = 8;
        byte[] allow = [6, 0, 0, 0, 0, 0, 0xFF, 0x7F];
        var plan = new TestPlan();
        short listener = plan.Slot();
        plan.Add(StepKind.LoadSeccomp, allow, a: listener, x: NewListener)
            .Add(StepKind.Sync, a: listener, x: (ulong)SyncKind.SeccompListener);
        using InitProcess init = InitProcess.Start(plan.Add(StepKind.Sync, y: (ulong)SyncKind.ListenerTaken));

        SyncMessage message = init.Expect(SyncKind.SeccompListener);

        Assert.Equal("anon_inode:seccomp notify", Os.ReadLink($"/proc/{init.Pid}/fd/{message.Value}"));
    }

    [Fact]
    public void TheSessionKeyringIsNewWithItsPermissions()
    {
        const uint Permissions = 0x3f1b0000;
        string name = $"_ses.{Guid.NewGuid():N}";
        using InitProcess init = Wait(new TestPlan().Add(StepKind.JoinSessionKeyring, name, x: Permissions));
        string line = File.ReadAllLines("/proc/keys").Single(l => l.Contains(name, StringComparison.Ordinal));
        Assert.Equal(Permissions, (uint)Hex(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[4]));
    }

    [Fact]
    public void KeyringNamesAreChecked() => Fails(new TestPlan().Add(StepKind.JoinSessionKeyring, ".no"), Errno.EPERM);

    private static int IoPrioGet => System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture
        == System.Runtime.InteropServices.Architecture.Arm64 ? 31 : 252;

    private static unsafe uint Owner(string path)
    {
        int fd = Os.Open(path);
        Statx stat;
        Os.Check(Sys.Stat(fd, &stat));
        Os.Close(fd);
        return stat.stx_uid;
    }
}
