using Anocir.Plan;

namespace Anocir.Init;

/// <summary>The step that starts a created container from the attending side.</summary>
internal static unsafe class StartSteps
{
    private const int ESRCH = 3;

    public static int StartContainer(InitState* state, Step* step)
    {
        byte start = StartFailure.Start;
        nint written = Sys.Write(state->Fd(step->SlotA), &start, 1);
        if (written < 0)
        {
            return (int)written;
        }

        const int Size = 1 + 24 + StartFailure.MaxText;
        byte* answer = stackalloc byte[Size];
        int length = ReadAnswer(state->Fd(step->SlotB), state->Slots[step->X], (long)step->Y, answer, Size);
        if (length < 0)
        {
            return length;
        }

        // Nothing before the end: init was killed. 'G' alone: exec closed the FIFO. A record: exec failed.
        if (length == 0)
        {
            return -ESRCH;
        }

        var record = (StartFailure*)(answer + 1);
        bool isRecord = length >= 1 + sizeof(StartFailure) && record->Version == StartFailure.CurrentVersion
            && record->TextLength == (uint)(length - 1 - sizeof(StartFailure));
        if (answer[0] != StartFailure.Going || (length > 1 && !isRecord))
        {
            return -Errno.EPROTO;
        }

        return length == 1 ? 0 : Keep(state, answer + 1, length - 1);
    }

    // Reads until end of file, or until nothing comes any more from a process that is dead.
    private static int ReadAnswer(int reply, int pidfd, long milliseconds, byte* buffer, int size)
    {
        long deadline = Sys.Now() + milliseconds;
        PollFd* polls = stackalloc PollFd[2];
        polls[0].fd = reply;
        polls[0].events = Poll.IN;
        polls[1].fd = pidfd;
        polls[1].events = Poll.IN;
        int used = 0;
        while (used < size)
        {
            bool dead = polls[1].fd < 0 && pidfd >= 0;
            long left = dead ? 0 : deadline - Sys.Now();
            if (left < 0)
            {
                return -Errno.ETIMEDOUT;
            }

            int ready = Sys.PollFds(polls, 2, left);
            if (ready < 0)
            {
                return ready;
            }

            if (ready > 0 && polls[0].revents != 0)
            {
                nint count = Sys.Read(reply, buffer + used, size - used);
                if (count == 0)
                {
                    break;
                }

                if (count < 0 && count != -Errno.EAGAIN)
                {
                    return (int)count;
                }

                used += count > 0 ? (int)count : 0;
            }
            else if (dead)
            {
                break;
            }
            else if (ready > 0 && polls[1].revents != 0)
            {
                // Once more for what it wrote before it died.
                polls[1].fd = -1;
            }
        }

        return used;
    }

    private static int Keep(InitState* state, byte* record, int length)
    {
        nint memory = Sys.MapAnonymous(length, shared: false);
        if (memory is < 0 and > -4096)
        {
            return (int)memory;
        }

        Ascii.Copy((byte*)memory, record, length);
        state->Kept = (StartFailure*)memory;
        return -Errno.EIO;
    }
}
