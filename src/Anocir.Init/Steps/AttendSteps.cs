using Anocir.Plan;

namespace Anocir.Init;

/// <summary>
/// The step that serves a running container in the foreground. One thread: every event comes through one poll, signals through a
/// signalfd.
/// </summary>
internal static unsafe class AttendSteps
{
    private const int NotKnown = -1;

    public static int Attend(InitState* state, Step* step)
    {
        ulong all = ulong.MaxValue;
        ProcessSteps.SetSignalMask(all);
        const int NonblockCloexec = O.NONBLOCK | O.CLOEXEC;
        int signals = (int)Native.Syscall(Nr.signalfd4, -1, (nint)(&all), Sigset.Size, NonblockCloexec);
        int result = signals;
        if (signals >= 0)
        {
            int pidfd = state->Fd(step->SlotA);
            if (step->SlotB == Step.NoSlot)
            {
                result = ServeSignals(state, step, pidfd, signals);
            }
            else
            {
                result = ServeTerminal(state, step, pidfd, signals, state->Fd(step->SlotB));
            }

            Sys.Close(signals);
        }

        if (step->L != 0)
        {
            // Works from the background too: SIGTTOU is blocked.
            Sys.Ioctl(0, Tty.TCSETS, state->Data(step->S0));
        }

        if (result < 0)
        {
            return result;
        }

        state->ExitCode = result;
        return 0;
    }

    // Descriptors besides the terminal's: the signals, the container's end, and what the container tells systemd.
    private const int Others = 3;

    private static int ServeSignals(InitState* state, Step* step, int pidfd, int signals)
    {
        PollFd* polls = stackalloc PollFd[Others];
        int code = NotKnown;
        while (code == NotKnown)
        {
            Prepare(state, step, polls, signals, pidfd);
            int ready = Sys.PollFds(polls, Others, -1);
            code = ready < 0 ? ready : Serve(state, step, pidfd, polls, master: -1);
        }

        return code;
    }

    private static void Prepare(InitState* state, Step* step, PollFd* polls, int signals, int pidfd)
    {
        polls[0].fd = signals;
        polls[1].fd = pidfd;
        polls[2].fd = step->X == 0 ? -1 : state->Slots[step->X];
        for (int i = 0; i < Others; i++)
        {
            polls[i].events = Poll.IN;
            polls[i].revents = 0;
        }
    }

    private static int ServeTerminal(InitState* state, Step* step, int pidfd, int signals, int master)
    {
        nint memory = Sys.MapAnonymous(sizeof(Terminal), shared: false);
        if (memory is < 0 and > -4096)
        {
            return (int)memory;
        }

        var terminal = (Terminal*)memory;
        terminal->Open(master);
        Terminal.Resize(master);
        PollFd* polls = stackalloc PollFd[Others + Terminal.PollCount];
        int code = NotKnown;
        while (code == NotKnown)
        {
            Prepare(state, step, polls, signals, pidfd);
            terminal->Prepare(polls + Others);
            int ready = Sys.PollFds(polls, Others + Terminal.PollCount, -1);
            if (ready < 0)
            {
                code = ready;
            }
            else
            {
                terminal->Serve(polls + Others);
                code = Serve(state, step, pidfd, polls, master);
            }
        }

        if (code >= 0)
        {
            terminal->Drain(signals);
        }

        return code;
    }

    // The exit code, an error, or NotKnown while the container lives.
    private static int Serve(InitState* state, Step* step, int pidfd, PollFd* polls, int master)
    {
        int code = NotKnown;
        if (polls[2].revents != 0)
        {
            ForwardReady(state, step);
        }

        if ((polls[0].revents & Poll.IN) != 0)
        {
            code = ReadSignals(polls[0].fd, pidfd, master);
        }

        return code == NotKnown && polls[1].revents != 0 ? Collect(pidfd) : code;
    }

    // The container is not believed more than this one line: MAINPID= and its like are about processes that it cannot name.
    private static void ForwardReady(InitState* state, Step* step)
    {
        const int Size = 4096;
        const int Length = 7;
        const ulong Ready = 0x313d594441455200; // "READY=1" behind a byte that does not count
        byte* text = stackalloc byte[Size + sizeof(ulong)];
        nint length = Sys.Read(state->Slots[step->X], text, Size);
        for (nint i = 0; i + Length <= length; i++)
        {
            if (*(ulong*)(text + i) << 8 == Ready && (i == 0 || text[i - 1] == '\n'))
            {
                Sys.Write(state->Slots[step->Y], text + i, Length);
                state->Slots[step->X] = -1;
                return;
            }
        }
    }

    private static int ReadSignals(int signals, int pidfd, int master)
    {
        int* signal = stackalloc int[SignalFdInfo.Size / sizeof(int)];
        int self = (int)Native.Syscall(Nr.getpid);
        int code = NotKnown;

        // What comes behind the container's end stays in the queue: a TERM then is for the wait for the reader (Terminal.Drain).
        while (code == NotKnown && Sys.Read(signals, signal, SignalFdInfo.Size) == SignalFdInfo.Size)
        {
            switch (signal[SignalFdInfo.SignalOffset / sizeof(int)])
            {
                case Sig.CHLD:
                    code = Reap(pidfd);
                    break;
                case Sig.WINCH:
                    Terminal.Resize(master);
                    break;
                case Sig.URG: // Go's scheduler sends it to itself, so runc does not forward it either
                    break;
                default:
                    // A SIGPIPE or SIGTTIN that init caused itself is not meant for the container.
                    if (signal[SignalFdInfo.PidOffset / sizeof(int)] != self)
                    {
                        Native.Syscall(Nr.pidfd_send_signal, pidfd, signal[SignalFdInfo.SignalOffset / sizeof(int)], 0, 0);
                    }

                    break;
            }
        }

        return code;
    }

    // As a subreaper init inherits orphans, and has to take the container's status before anybody's. A child seen dead while the pidfd is
    // not yet readable is not the container, so it can be taken; no PID is needed for that.
    private static int Reap(int pidfd)
    {
        const int All = 0; // P_ALL
        const int Pid = 1; // P_PID
        int code = NotKnown;
        SigInfo info = default;
        while (Wait(All, 0, &info, Exited | NoHang | NoWait) == 0 && info.si_pid != 0)
        {
            PollFd poll;
            poll.fd = pidfd;
            poll.events = Poll.IN;
            poll.revents = 0;
            if (code == NotKnown && Sys.PollFds(&poll, 1, 0) > 0)
            {
                code = Collect(pidfd);
            }

            int pid = info.si_pid;
            Wait(Pid, pid, &info, Exited | NoHang);
            info.si_pid = 0;
        }

        return code;
    }

    private const int NoHang = 1;
    private const int Exited = 4;
    private const int NoWait = 0x01000000;
    private const int AllKinds = 0x40000000; // __WALL: also children that do not end with SIGCHLD

    // Exit code of the dead container, 128 + signal when it was killed.
    private static int Collect(int pidfd)
    {
        const int PidFd = 3; // P_PIDFD
        const int CldExited = 1;
        SigInfo info = default;
        int result = Wait(PidFd, pidfd, &info, Exited);
        return result < 0 ? (result == NotKnown ? -Errno.ECHILD : result)
            : info.si_code == CldExited ? info.si_status : 128 + info.si_status;
    }

    private static int Wait(int type, int id, SigInfo* info, int options) =>
        (int)Native.Syscall(Nr.waitid, type, id, (nint)info, options | AllKinds, 0);
}
