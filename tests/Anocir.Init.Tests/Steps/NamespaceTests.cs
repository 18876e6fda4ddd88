using System;
using System.IO;
using System.Linq;
using Anocir.Plan;
using Xunit;

namespace Anocir.Init.Tests;

/// <summary>Steps that make and join namespaces.</summary>
public class NamespaceTests : StepTest
{
    [Fact]
    public void NamesAreSetInTheNewNamespace()
    {
        string before = Environment.MachineName;
        using InitProcess init = Wait(new TestPlan()
            .Add(StepKind.Unshare, x: NewUts).Add(StepKind.SetHostname, "inside").Add(StepKind.SetDomainname, "domain.inside"));
        Assert.NotEqual(Link("self", "uts"), Link(init.Pid.ToString(), "uts"));
        Assert.Equal(before, File.ReadAllText("/proc/sys/kernel/hostname").Trim());
        var names = new TestPlan();
        short uts = names.Slot(Os.Open($"/proc/{init.Pid}/ns/uts", O.RDONLY));
        names.Add(StepKind.SetDumpable).Add(StepKind.JoinNamespace, a: uts, x: NewUts)
            .Add(StepKind.FindProgram, new[] { "/bin/sh" })
            .Add(StepKind.Exec, new[] { "sh", "-c", "test $(hostname).$(cat /proc/sys/kernel/domainname) = inside.domain.inside" }, new[] { "PATH=/usr/bin:/bin" });
        using InitProcess joined = InitProcess.Start(names);
        Assert.Equal(0, joined.WaitExit());
    }

    [Fact]
    public void NamespaceFailures()
    {
        const int EBADF = 9;
        Fails(new TestPlan().Add(StepKind.Unshare, x: 1), Errno.EINVAL);
        Fails(new TestPlan().Add(StepKind.SetDumpable).Add(StepKind.JoinNamespace, a: Slots.Root), EBADF);
        string tooLong = new('x', 65);
        Fails(new TestPlan().Add(StepKind.SetHostname, tooLong), Errno.EINVAL);
        Fails(new TestPlan().Add(StepKind.SetDomainname, tooLong), Errno.EINVAL);
        Fails(new TestPlan().Add(StepKind.SetCaps).Add(StepKind.LoopbackUp), Errno.EPERM);
    }

    [Fact]
    public void LoopbackComesUp()
    {
        using InitProcess init = Wait(new TestPlan().Add(StepKind.Unshare, x: NewNet).Add(StepKind.LoopbackUp));
        Assert.Contains("127.0.0.1", init.Proc("net/fib_trie"), StringComparison.Ordinal);
    }

    [Fact]
    public void InitIsTheHelpersSiblingInItsNamespaces()
    {
        var plan = new TestPlan();
        plan.Add(StepKind.CloneInit, x: NewPid | NewNs | NewIpc, y: (ulong)SyncKind.Pid, @else: 2)
            .Add(StepKind.Sync, x: (ulong)SyncKind.Ready, y: (ulong)SyncKind.Committed)
            .Add(StepKind.Exit, x: 6);
        using InitProcess init = InitProcess.Start(plan);

        // Helper and init run at the same time: either may be the first to speak.
        SyncMessage first = init.Receive(out _)!.Value;
        SyncMessage second = init.Receive(out _)!.Value;
        Assert.Equal([SyncKind.Pid, SyncKind.Ready], new[] { (SyncKind)first.Kind, (SyncKind)second.Kind }.Order());
        int pid = (int)(first.Value + second.Value);
        Assert.Equal(6, init.WaitExit());
        init.Follow(pid);
        Assert.Equal(Environment.ProcessId.ToString(), init.Status("PPid"));
        Assert.EndsWith("\t1", init.Status("NSpid"), StringComparison.Ordinal);
        Assert.NotEqual(Link("self", "pid"), Link(pid.ToString(), "pid"));
        Assert.NotEqual(Link("self", "mnt"), Link(pid.ToString(), "mnt"));
        Assert.Equal(Link("self", "net"), Link(pid.ToString(), "net"));
        init.CloseSocket();
        Assert.Equal(1, init.WaitExit());
    }

    [Fact]
    public void TheHelperKeepsAPidfdOfInit()
    {
        (int ours, int theirs) = Os.SocketPair();
        var plan = new TestPlan();
        short pidfd = plan.Slot();
        short socket = plan.Slot(theirs);
        plan.Add(StepKind.CloneInit, b: pidfd, y: (ulong)SyncKind.Pid, @else: 3)
            .Add(StepKind.Sync, y: (ulong)SyncKind.Committed)
            .Add(StepKind.Exit)
            .Add(StepKind.SendFd, a: pidfd, b: socket, x: (ulong)SyncKind.Source);
        using InitProcess init = InitProcess.Start(plan);
        int pid = (int)init.Expect(SyncKind.Pid).Value;
        Assert.Equal(0, init.WaitExit());
        init.Follow(pid);
        int fd = Os.Check(Socket.ReceiveFd(ours, (uint)SyncKind.Source));
        Assert.Contains($"Pid:\t{pid}\n", File.ReadAllText($"/proc/self/fdinfo/{fd}"), StringComparison.Ordinal);
        init.CloseSocket();
        init.WaitExit();
        new[] { ours, theirs, fd }.ToList().ForEach(Os.Close);
    }

    [Fact]
    public void InitIsBornInItsCgroup()
    {
        string? root = File.ReadLines("/proc/mounts").Select(l => l.Split(' ')).FirstOrDefault(f => f[2] == "cgroup2")?[1];
        Assert.SkipWhen(root == null, "needs a cgroup2 mount");
        string cgroup = Path.Combine(root!, $"anocir-init-test-{Environment.ProcessId}");
        Directory.CreateDirectory(cgroup);
        try
        {
            var plan = new TestPlan();
            plan.SlotTable[Slots.Cgroup] = Os.Open(cgroup);
            plan.Add(StepKind.CloneInit, a: Slots.Cgroup, y: (ulong)SyncKind.Pid, @else: 2).Add(StepKind.Sync, y: (ulong)SyncKind.Committed).Add(StepKind.Exit);
            using InitProcess init = InitProcess.Start(plan);
            init.Follow((int)init.Expect(SyncKind.Pid).Value);
            Assert.Equal(init.Pid.ToString(), File.ReadAllText(Path.Combine(cgroup, "cgroup.procs")).Trim());
        }
        finally
        {
            Directory.Delete(cgroup);
        }
    }

    [Fact]
    public void CloneFailuresAreTheHelpers() => Fails(new TestPlan().Add(StepKind.CloneInit, a: Slots.Cgroup, @else: 1), Errno.EINVAL);

    private static string Link(string process, string type) => new FileInfo($"/proc/{process}/ns/{type}").LinkTarget!;
}
