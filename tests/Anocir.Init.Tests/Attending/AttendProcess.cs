using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Anocir.Plan;

namespace Anocir.Init.Tests;

/// <summary>
/// An attending init with a real child: a shell starts the child, tells its PID and becomes init, which receives the pidfd before it
/// attends.
/// </summary>
internal sealed class AttendProcess : IDisposable
{
    private const int PlanFd = 599;
    private const int SocketFd = 600;
    private const int MasterFd = 601;
    private const int NotifyFd = 605;

    private readonly int _socket;
    private bool _reaped;

    private AttendProcess(int pid, int socket, int child)
    {
        Pid = pid;
        _socket = socket;
        Child = child;
    }

    public int Pid { get; }

    public int Child { get; }

    /// <param name="child">Shell script of the attended process. It has the slave as its stdio, if there is one.</param>
    /// <param name="pty">Terminal of the child.</param>
    /// <param name="settings">Terminal settings to restore.</param>
    /// <param name="others">Shell commands before init starts: other children of the same process.</param>
    /// <param name="after">Steps behind Attend; by default the exit with the code of the child.</param>
    /// <param name="notify">Datagram sockets: the one a READY= line comes on, and the one it goes out on.</param>
    /// <param name="stdio">fds of this process that become init's 0 to 2.</param>
    public static AttendProcess Start(
        string child, Pty? pty = null, byte[]? settings = null, string others = "", Action<TestPlan>? after = null,
        (int Container, int Host)? notify = null, params (int From, int To)[] stdio)
    {
        (int ours, int theirs) = Os.SocketPair();
        (int pidRead, int pidWrite) = Os.Pipe();
        var plan = new TestPlan();
        short socket = plan.Slot(SocketFd);
        short pidfd = plan.Slot();
        short master = plan.Slot(pty == null ? -1 : MasterFd);
        ulong container = notify == null ? 0 : (ulong)plan.Slot(NotifyFd);
        ulong host = notify == null ? 0 : (ulong)plan.Slot(NotifyFd + 1);
        plan.Add(StepKind.ReceiveFd, a: pidfd, b: socket, x: (ulong)SyncKind.Source)
            .Add(StepKind.Attend, settings ?? [], a: pidfd, b: pty == null ? (short)-1 : master, x: container, y: host);
        if (after == null)
        {
            plan.Add(StepKind.Exit, x: 255, y: 1);
        }
        else
        {
            after(plan);
        }

        int image = Os.Memfd(plan.Build());
        string slave = pty == null ? "" : "<&603 >&603 2>&603 ";

        // The child waits for the end of file on 604: as long as the shell is there it would take the child's status itself.
        (int goRead, int goWrite) = Os.Pipe();
        string script = "( exec 599>&- 600>&- 601>&- 602>&-; read go <&604; exec 604<&-; "
            + $"exec setsid /bin/sh -c \"$CHILD\" {slave}) & echo $! >&602; {others} exec 602>&- 603>&- 604<&-; exec {InitProcess.Program} init";
        List<(int From, int To)> fds = [.. stdio, (image, PlanFd), (theirs, SocketFd), (pidWrite, 602), (goRead, 604)];
        if (notify is { } sockets)
        {
            fds.Add((sockets.Container, NotifyFd));
            fds.Add((sockets.Host, NotifyFd + 1));
        }

        if (pty != null)
        {
            fds.Add((pty.Master, MasterFd));
            fds.Add((pty.Slave, 603));
        }

        int pid = Spawn.Start(
            "/bin/bash", ["bash", "-c", script], [$"PLAN={PlanFd}", "CHILD=" + child, "PATH=/usr/bin:/bin"], fds);
        new[] { image, theirs, pidWrite, goRead }.ToList().ForEach(Os.Close);
        pty?.CloseSlave();
        int childPid = int.Parse(Encoding.UTF8.GetString(Os.Read(pidRead)), CultureInfo.InvariantCulture);
        Os.Close(pidRead);
        int fd = Os.PidFd(childPid);
        Os.Check(Socket.SendFd(ours, (uint)SyncKind.Source, fd));
        Os.Close(fd);
        Os.Until(() => Os.ReadLink($"/proc/{pid}/exe") == InitProcess.Program, "the shell did not become init");
        Os.Close(goWrite);
        return new AttendProcess(pid, ours, childPid);
    }

    /// <summary>Exit code of the attending process.</summary>
    public int WaitExit()
    {
        int status = Os.WaitExit(Pid);
        _reaped = true;
        return (status & 0x7F) == 0 ? status >> 8 : 128 + (status & 0x7F);
    }

    /// <summary>Waits until the process is in its poll loop: it has blocked every signal.</summary>
    public void WaitUntilAttending() => Os.Until(
        () => System.IO.File.ReadAllText($"/proc/{Pid}/status").Contains("SigBlk:\tfffffffffffbfeff", StringComparison.Ordinal)
            && Os.Sleeps(Pid),
        "init does not attend");

    public void Dispose()
    {
        Os.Close(_socket);
        Os.Kill(Child, Sig.KILL);
        Os.Kill(-Child, Sig.KILL); // the session it may lead
        if (!_reaped)
        {
            Os.Kill(Pid, Sig.KILL);
            Os.WaitExit(Pid);
        }
    }
}
