using Anocir.Plan;

namespace Anocir.Init;

/// <summary>The step that runs a hook inside the container and waits for it with a deadline.</summary>
internal static unsafe class HookSteps
{
    private const int PidFdWait = 3; // P_PIDFD
    private const int WaitExited = 4 | 0x40000000; // WEXITED, __WALL
    private const int KillMilliseconds = 10_000;

    public static int RunHook(InitState* state, Step* step)
    {
        // The child tells an exec that failed through a page both see, so that it is not taken for an exit code of the hook.
        nint shared = Sys.MapAnonymous(sizeof(int), shared: true);
        if (shared is < 0 and > -4096)
        {
            return (int)shared;
        }

        int output = OpenOutput(state);
        int result = output < 0 ? output : Run(state, step, output, (int*)shared);
        if (output >= 0 && output != state->Fd(Slots.HookOutput))
        {
            Sys.Close(output);
        }

        Sys.Unmap((void*)shared, sizeof(int));
        return result;
    }

    private static int Run(InitState* state, Step* step, int output, int* execError)
    {
        int* pipe = stackalloc int[2];
        int result = Sys.Call(Nr.pipe2, pipe, O.CLOEXEC);
        if (result < 0)
        {
            return result;
        }

        const int SetFlags = 4; // F_SETFL
        Sys.Fcntl(pipe[1], SetFlags, O.NONBLOCK | O.WRONLY);
        int pidfd = -1;

        // Not clone3: profiles refuse it, because they cannot look at its arguments (Docker's, with ENOSYS).
        result = (int)Native.Syscall(Nr.clone, (nint)Clone.PIDFD | Sig.CHLD, 0, (nint)(&pidfd), 0, 0);
        if (result == 0)
        {
            *execError = -ExecHook(state, step, pipe[0], output);
            Native.Exit(InitMain.Failed);
        }

        Sys.Close(pipe[0]);
        if (result < 0)
        {
            Sys.Close(pipe[1]);
            return result;
        }

        HookInput input = default;
        input.Open(pipe[1], state->Data(step->S2), (int)step->L, (int)step->Y, Native.Syscall(Nr.getpid));
        ProcessSteps.SetDisposition(Sig.PIPE, 1); // SIG_IGN: a hook need not read its stdin
        result = Wait(state, pidfd, &input, (long)step->X);
        ProcessSteps.SetDisposition(Sig.PIPE, 0);
        input.Close();
        return Finish(state, pidfd, result, *execError);
    }

    // 0 when the hook has ended, else what ended the wait for it.
    private static int Wait(InitState* state, int pidfd, HookInput* input, long milliseconds)
    {
        long deadline = Sys.Now() + milliseconds;
        PollFd* polls = stackalloc PollFd[3];
        while (true)
        {
            Set(polls, pidfd, Poll.IN);
            Set(polls + 1, state->Fd(Slots.Sync), 0);
            Set(polls + 2, input->Fd, Poll.OUT);
            long left = deadline - Sys.Now();
            if (left <= 0)
            {
                return -Errno.ETIMEDOUT;
            }

            int ready = Sys.PollFds(polls, 3, left);
            if (ready < 0)
            {
                return ready;
            }

            if (polls[0].revents != 0)
            {
                return 0;
            }

            if ((polls[1].revents & Poll.HUP) != 0)
            {
                return Dispatcher.Die;
            }

            if (polls[2].revents != 0)
            {
                input->Write();
            }
        }
    }

    private static int Finish(InitState* state, int pidfd, int result, int execError)
    {
        const int CldExited = 1;
        int options = WaitExited;
        if (result != 0)
        {
            // One that hangs in the kernel dies when that lets go of it; nobody waits longer for that.
            Native.Syscall(Nr.pidfd_send_signal, pidfd, Sig.KILL, 0, 0);
            PollFd poll;
            Set(&poll, pidfd, Poll.IN);
            Sys.PollFds(&poll, 1, KillMilliseconds);
            options |= 1; // WNOHANG
        }

        SigInfo info = default;
        int waited = (int)Native.Syscall(Nr.waitid, PidFdWait, pidfd, (nint)(&info), options, 0);
        Sys.Close(pidfd);
        if (result != 0 || waited < 0)
        {
            return result != 0 ? result : waited;
        }

        if (execError != 0)
        {
            state->Program = state->Vector(state->Steps[state->Current].S0)[0];
            state->TextSource = TextSource.Program;
            return -execError;
        }

        if (info.si_code == CldExited && info.si_status == 0)
        {
            return 0;
        }

        // As wait(2) packs it: exit code in the second byte, or the signal in the first.
        state->Detail = info.si_code == CldExited ? info.si_status << 8 : info.si_status;
        return -Errno.ECHILD;
    }

    // In the child. Returns only the error that kept the hook from running.
    private static int ExecHook(InitState* state, Step* step, int input, int output)
    {
        const int ParentDeathSignal = 1; // PR_SET_PDEATHSIG
        const int DupFd = 0; // F_DUPFD
        const int FirstOther = 3;
        Sys.Prctl(ParentDeathSignal, Sig.KILL);

        // First out of the way of 0 to 2, where the caller may have left holes.
        input = Sys.Fcntl(input, DupFd, FirstOther);
        output = Sys.Fcntl(output, DupFd, FirstOther);
        for (int fd = 0; fd <= 2; fd++)
        {
            int result = (int)Native.Syscall(Nr.dup3, fd == 0 ? input : output, fd, 0);
            if (result < 0)
            {
                return result;
            }
        }

        if (step->SlotB != Step.NoSlot)
        {
            int result = Sys.Call(Nr.fchdir, state->Fd(step->SlotB));
            if (result < 0)
            {
                return result;
            }
        }

        byte** command = state->Vector(step->S0);
        Native.Syscall(Nr.close_range, FirstOther, int.MaxValue, 0);
        return (int)Native.Syscall(Nr.execve, (nint)command[0], (nint)(command + 1), (nint)state->Vector(step->S1));
    }

    // Where the hook's output goes; what it adds is the text of a failure.
    private static int OpenOutput(InitState* state)
    {
        int fd = state->Fd(Slots.HookOutput);
        Statx stat;
        if (fd >= 0)
        {
            int result = Sys.Stat(fd, &stat);
            state->TextSource = TextSource.HookOutput;
            state->TextFd = fd;
            state->TextFrom = (long)stat.stx_size;
            return result < 0 ? result : fd;
        }

        const uint MemMajor = 1;
        const uint NullMinor = 3;
        fixed (byte* path = "/dev/null"u8)
        {
            fd = Sys.OpenAt2(At.FDCWD, path, O.RDWR | O.NOFOLLOW, 0);
        }

        // Before the pivot it is the host's, after it what init put there; a file of the image must not collect output.
        if (fd >= 0 && (Sys.Stat(fd, &stat) < 0 || stat.stx_rdev_major != MemMajor || stat.stx_rdev_minor != NullMinor))
        {
            Sys.Close(fd);
            return -Errno.ENODEV;
        }

        return fd;
    }

    private static void Set(PollFd* poll, int fd, short events)
    {
        poll->fd = fd;
        poll->events = events;
        poll->revents = 0;
    }
}
