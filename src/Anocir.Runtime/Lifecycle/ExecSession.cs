using System;
using System.Globalization;
using Anocir.Linux;
using Anocir.Plan;
using Anocir.Runtime.Errors;
using Anocir.Runtime.HookPrograms;
using Anocir.Runtime.Launch;
using Anocir.Runtime.Planning;

namespace Anocir.Runtime.Lifecycle;

/// <summary>
/// One attempt to add a process: the helpers, the conversation up to Ready, and whatever has to be taken back. Until Committed the process
/// dies with this one.
/// </summary>
internal sealed class ExecSession : IDisposable
{
    private readonly InitSession _session;
    private readonly int _helper;
    private Fd _pidfd = new(-1);
    private bool _reaped;

    private ExecSession(InitSession session, int helper)
    {
        _session = session;
        _session.Helper = helper;
        _helper = helper;
    }

    /// <summary>PID of the new process.</summary>
    public int Pid => _session.Pid;

    /// <summary>pidfd of the new process; the caller may keep it.</summary>
    public Fd Pidfd => _pidfd;

    /// <summary>Master of its terminal, if it has one.</summary>
    public Fd Console { get; private set; } = new(-1);

    /// <summary>Why the attempt failed when that was the cgroup: then another one may work.</summary>
    public Errno CgroupErrno => _session.FailedCgroup ? _session.FailedErrno : Errno.None;

    /// <summary>Starts the helper, the first of <paramref name="twoHelpers"/>; its end of the socket pair goes into the plan.</summary>
    public static ExecSession Start(InitProgram program, Func<int, PlanWriter> build, bool twoHelpers, bool isPatient, string root)
    {
        (Fd controller, Fd init) = LaunchFiles.Pair();
        using (init)
        {
            PlanWriter plan;
            try
            {
                plan = build(init.Number);
                InitSession session = Session(controller, plan, isPatient);
                session.AwaitsSecondHelper = twoHelpers;
                session.Root = root;
                return new ExecSession(session, InitLauncher.Spawn(program, plan));
            }
            catch
            {
                controller.Dispose();
                throw;
            }
        }
    }

    // A frozen process (exec --ignore-paused) is silent for as long as it stays frozen; nobody waits longer than for a hook.
    private static InitSession Session(Fd controller, PlanWriter plan, bool isPatient)
    {
        var session = new InitSession(controller, plan);
        session.SilenceMilliseconds = isPatient ? HookTime.Usual * 1000 : session.SilenceMilliseconds;
        return session;
    }

    /// <summary>Listens until the process has only the execve before it.</summary>
    /// <param name="handOverListener">Gets the number of the listener of its filter among its descriptors; <see cref="Pidfd"/> is open then.</param>
    /// <exception cref="ContainerException">A step failed.</exception>
    /// <exception cref="InitDiedException">A helper or the process ended.</exception>
    public void Converse(Action<int> handOverListener)
    {
        // Helpers and process run at the same time: what they say comes in any order.
        bool ready = false;
        int listener = -1;
        while (!ready || _session.Pid == 0 || _session.AwaitsSecondHelper)
        {
            SyncKind message = _session.Receive(out int fd);
            switch (message)
            {
                case SyncKind.Pid or SyncKind.Helper:
                    break;
                case SyncKind.Console:
                    Console = new Fd(fd);
                    break;
                case SyncKind.SeccompListener:
                    listener = fd;
                    break;
                case SyncKind.Ready:
                    ready = true;
                    break;
                default:
                    throw new InitDiedException();
            }

            if (listener >= 0 && _session.Pid != 0)
            {
                OpenPidfd();
                handOverListener(listener);
                listener = -1;
                _session.Send(SyncKind.ListenerTaken);
            }
        }

        OpenPidfd();
    }

    // Not reaped yet, so the PID is its own.
    private void OpenPidfd()
    {
        if (_pidfd.IsOpen)
        {
            return;
        }

        SysResult opened = Sys.PidfdOpen(_session.Pid);
        _pidfd = opened.IsError
            ? throw ContainerException.System("open a pidfd of process", _session.Pid.ToString(CultureInfo.InvariantCulture), opened.Errno)
            : new Fd(opened.Int);
    }

    /// <summary>
    /// Lets the process execute its program and waits until it has: execve closes the last copy of the socket, a failed one is reported on it.
    /// </summary>
    /// <exception cref="ContainerException">execve failed.</exception>
    public void Commit()
    {
        _session.Send(SyncKind.Committed);
        ReapHelpers();
        try
        {
            _ = _session.Receive(out _);
            throw new ContainerException("anocir-init went on talking instead of executing the program; hint: this is a bug in anocir, please report it");
        }
        catch (InitDiedException)
        {
            // End of file: it executes its program, or was killed, which is then its end and not a failure of this command.
        }
    }

    /// <summary>
    /// Ends and reaps whatever is there of the attempt and describes how it ended. A zombie left over would keep the container's PID namespace,
    /// and with it its init, from ending.
    /// </summary>
    public string? Kill()
    {
        LearnPids();
        string? process = End(_session.Pid);
        string? first = _reaped ? null : End(_helper);
        string? second = _reaped ? null : End(_session.SecondHelper);
        _reaped = true;
        return first ?? second ?? process;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Console.Dispose();
        _pidfd.Dispose();
        _session.Dispose();
    }

    // They exited right after their clones.
    private void ReapHelpers()
    {
        _ = ChildEnd.Wait(_helper);
        if (_session.SecondHelper != 0)
        {
            _ = ChildEnd.Wait(_session.SecondHelper);
        }

        _reaped = true;
    }

    // A process may report its failure before its helper tells its PID; all of them end by themselves then, which closes the socket.
    private void LearnPids()
    {
        try
        {
            while (_session.HasFailed)
            {
                _ = _session.Receive(out _);
            }
        }
        catch (Exception e) when (e is InitDiedException or ContainerException)
        {
            // end of file, or too long a silence
        }
    }

    // Our own child, not reaped yet: the PID is its own. One that ended well tells nothing.
    private static string? End(int pid)
    {
        if (pid == 0)
        {
            return null;
        }

        int? status = ChildEnd.Kill(pid);
        return status is { } known and not 0 ? WaitStatusText.Describe(known) : null;
    }
}
