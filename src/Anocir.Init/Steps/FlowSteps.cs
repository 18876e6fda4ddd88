using Anocir.Plan;

namespace Anocir.Init;

/// <summary>Steps that send, wait and end.</summary>
internal static unsafe class FlowSteps
{
    public static int Exit(InitState* state, Step* step)
    {
        bool attended = step->Y == 1 && state->ExitCode >= 0;
        Native.Exit(attended ? state->ExitCode : (int)step->X);
        return 0;
    }

    public static int Sync(InitState* state, Step* step)
    {
        int socket = state->Fd(Slots.Sync);
        if (step->X != 0)
        {
            int sent = Socket.Send(socket, (uint)step->X, step->SlotA < 0 ? 0 : state->Slots[step->SlotA]);
            if (sent < 0)
            {
                return DeathOr(sent);
            }
        }

        if (step->Y == 0)
        {
            return 0;
        }

        SyncMessage message;
        int received = Socket.Receive(socket, &message);
        if (received < 0)
        {
            return DeathOr(received);
        }

        if (message.Kind != (uint)step->Y)
        {
            state->Detail = message.Kind;
            return -Errno.EPROTO;
        }

        return 0;
    }

    public static int SendFd(InitState* state, Step* step)
    {
        int result = Socket.SendFd(state->Fd(step->SlotB), (uint)step->X, state->Fd(step->SlotA));
        return result < 0 ? result : 0;
    }

    public static int ReceiveFd(InitState* state, Step* step)
    {
        int socket = state->Fd(step->SlotB);
        return WaitForReadable(state, socket) ? state->Fill(step->SlotA, Socket.ReceiveFd(socket, (uint)step->X)) : Dispatcher.Die;
    }

    /// <summary>After the seccomp filter only read, write, execve and exit_group are used: with the socket closed the wait is a read.</summary>
    public static int WaitForStart(InitState* state)
    {
        if (!WaitForReadable(state, state->Fd(Slots.StartFifo)))
        {
            return Dispatcher.Die;
        }

        byte start;
        nint count = Sys.Read(state->Fd(Slots.StartFifo), &start, 1);
        if (count != 1)
        {
            return count < 0 ? (int)count : -Errno.EPIPE;
        }

        state->Started = state->Current + 1;
        return 0;
    }

    /// <summary>Whether the controller's end of the socket is closed. False without a socket: then nobody is to be waited for.</summary>
    public static bool ControllerIsDead(InitState* state)
    {
        PollFd poll;
        poll.fd = state->Fd(Slots.Sync);
        poll.events = 0;
        poll.revents = 0;
        return poll.fd >= 0 && Sys.PollFds(&poll, 1, 0) == 1 && (poll.revents & Poll.HUP) != 0;
    }

    // As long as init has the socket it dies with the controller. True when the fd can be read, or has to be tried.
    private static bool WaitForReadable(InitState* state, int fd)
    {
        if (state->Fd(Slots.Sync) < 0)
        {
            return true;
        }

        PollFd* polls = stackalloc PollFd[2];
        polls[0].fd = fd;
        polls[0].events = Poll.IN;
        polls[1].fd = state->Fd(Slots.Sync);
        polls[1].events = 0;
        while (true)
        {
            int ready = Sys.PollFds(polls, 2, -1);
            if (ready < 0 || (ready > 0 && (polls[1].revents & Poll.HUP) == 0))
            {
                return true;
            }

            if (ready > 0)
            {
                return false;
            }
        }
    }

    // A closed socket is the controller's death; nobody is left to read a report.
    private static int DeathOr(int error) => error is -Errno.EPIPE or -Errno.ECONNRESET ? Dispatcher.Die : error;
}
