using System.Runtime.CompilerServices;
using Anocir.Plan;

namespace Anocir.Init;

/// <summary>Tells the controller what failed. Nothing here returns to the plan.</summary>
internal static unsafe class Report
{
    /// <summary>
    /// The running step failed: a <see cref="SyncKind.Failed"/> on the socket, or after the start byte a <see cref="StartFailure"/> on the
    /// reply FIFO. Without either (attend plans) the exit code has to do.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Failure(InitState* state, int error)
    {
        if (state->Started != 0)
        {
            byte* packet = stackalloc byte[1 + sizeof(StartFailure) + StartFailure.MaxText];
            *packet = StartFailure.Going;
            var record = (StartFailure*)(packet + 1);
            record->Version = StartFailure.CurrentVersion;
            record->Reserved = 0;
            record->StepKind = state->Steps[state->Current].Kind;
            record->Step = state->Current - state->Started;
            record->Errno = error;
            record->Value = state->Detail;
            record->TextLength = (uint)ReadText(state, packet + 1 + sizeof(StartFailure), StartFailure.MaxText);

            // One write below PIPE_BUF, so the reader sees all of it or nothing. Exec has said 'G' already.
            int said = record->StepKind == (ushort)StepKind.Exec ? 1 : 0;
            Sys.Write(state->Fd(Slots.ReplyFifo), packet + said, (nint)(1 - said + sizeof(StartFailure) + record->TextLength));
            return InitMain.Failed;
        }

        byte* text = stackalloc byte[SyncMessage.MaxText];
        SyncMessage message;
        message.Kind = (uint)SyncKind.Failed;
        message.Step = state->Current;
        message.Errno = error;
        message.Value = state->Detail;
        message.TextLength = (uint)ReadText(state, text, SyncMessage.MaxText);
        Socket.Send(state->Fd(Slots.Sync), &message, text);
        return InitMain.Failed;
    }

    /// <summary>The plan was refused: said through the socket if the slot table could be read, else by the exit code alone.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int InvalidPlan(InitState* state, int error, long where)
    {
        if (state->Slots == null || state->Fd(Slots.Sync) < 0)
        {
            return InitMain.NoPlan;
        }

        SyncMessage message;
        message.Kind = (uint)SyncKind.Failed;
        message.Step = SyncMessage.InvalidPlan;
        message.Errno = error;
        message.Value = where;
        message.TextLength = 0;
        return Socket.Send(state->Fd(Slots.Sync), &message, null) < 0 ? InitMain.NoPlan : InitMain.Failed;
    }

    private static int ReadText(InitState* state, byte* buffer, int size) => state->TextSource switch
    {
        TextSource.FileSystemContext => ReadContextLog(state->TextFd, buffer, size),
        TextSource.Program => CopyString(state->Program, buffer, size),
        TextSource.HookOutput => ReadTail(state->TextFd, state->TextFrom, buffer, size),
        _ => 0,
    };

    private static int CopyString(byte* text, byte* buffer, int size)
    {
        int length = 0;
        while (length < size && text != null && text[length] != 0)
        {
            buffer[length] = text[length];
            length++;
        }

        return length;
    }

    // Each read(2) gives one message of the context, "e text\n" (fs/fsopen.c), until ENODATA. They become lines without the letter.
    private static int ReadContextLog(int fd, byte* buffer, int size)
    {
        const int LetterAndSpace = 2;
        int used = 0;
        while (used < size)
        {
            nint count = Sys.Read(fd, buffer + used, size - used);
            if (count <= LetterAndSpace)
            {
                break;
            }

            Ascii.Copy(buffer + used, buffer + used + LetterAndSpace, (int)count - LetterAndSpace);
            used += (int)count - LetterAndSpace;
        }

        return used > 0 && buffer[used - 1] == '\n' ? used - 1 : used;
    }

    // The last bytes of what was written to the file since the given offset.
    private static int ReadTail(int fd, long from, byte* buffer, int size)
    {
        Statx stat;
        if (Sys.Stat(fd, &stat) < 0)
        {
            return 0;
        }

        long end = (long)stat.stx_size;
        long start = end - size > from ? end - size : from;
        nint count = Native.Syscall(Nr.pread64, fd, (nint)buffer, (nint)(end - start), (nint)start);
        return count < 0 ? 0 : (int)count;
    }
}
