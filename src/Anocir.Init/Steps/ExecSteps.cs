using Anocir.Plan;

namespace Anocir.Init;

/// <summary>Steps that turn init into something else.</summary>
internal static unsafe class ExecSteps
{
    /// <summary>Answers at create what would otherwise be found at start: is there a program at all?</summary>
    public static int FindProgram(InitState* state, Step* step)
    {
        int first = -Errno.ENOENT;
        byte** candidates = state->Vector(step->S0);
        for (int i = 0; candidates[i] != null; i++)
        {
            int result = Check(candidates[i]);
            if (result == 0)
            {
                state->Program = candidates[i];
                state->ProgramIndex = i;
                return 0;
            }

            // In a search a directory of PATH that is none is skipped; a single path says what is wrong with it.
            bool isOnly = i == 0 && candidates[1] == null;
            if (first == -Errno.ENOENT && (isOnly || result is not (-Errno.ENOENT or -Errno.ENOTDIR)))
            {
                first = result;
                state->Detail = i;
            }
        }

        return first;
    }

    public static int Exec(InitState* state, Step* step)
    {
        state->Detail = state->ProgramIndex;
        state->TextSource = TextSource.Program;
        if (state->Started != 0)
        {
            // The last moment for it: what ends init before this, in a startContainer hook for example, is no start.
            byte going = StartFailure.Going;
            Sys.Write(state->Fd(Slots.ReplyFifo), &going, 1);
        }

        return state->Program == null
            ? -Errno.EINVAL
            : (int)Native.Syscall(Nr.execve, (nint)state->Program, (nint)state->Vector(step->S0), (nint)state->Vector(step->S1));
    }

    /// <summary>Back to the controller, for poststop hooks and delete, with what was learnt in two of its arguments.</summary>
    public static int ExecController(InitState* state, Step* step)
    {
        byte** argv = state->Vector(step->S0);
        byte* exitCode = step->X == 0 ? null : argv[step->X];
        byte* failure = step->Y == 0 ? null : argv[step->Y];
        if (exitCode != null)
        {
            *exitCode = 0;
            if (state->ExitCode >= 0)
            {
                Ascii.Format(exitCode, (uint)state->ExitCode);
            }
        }

        if (failure != null)
        {
            *failure = 0;
            if (state->Kept != null)
            {
                FormatHex(failure, (byte*)state->Kept, sizeof(StartFailure) + (int)state->Kept->TextLength);
            }
        }

        // Signals that waited for a container that is gone would end the controller before it has cleaned up.
        SignalSteps.DropPending();
        int result = ProcessSteps.SetSignalMask(0);
        byte none = 0;
        return result < 0
            ? result
            : (int)Native.Syscall(
                Nr.execveat, state->Fd(step->SlotA), (nint)(&none), (nint)argv, (nint)state->Vector(step->S1), At.EMPTY_PATH);
    }

    // A filter may be in force already, so only calls that every profile allows, and a way around faccessat2 (Linux 5.8).
    private static int Check(byte* path)
    {
        const int ExecuteAccess = 1; // X_OK
        byte* stat = stackalloc byte[StatLayout.Size];
        int result = Sys.Call(Nr.newfstatat, At.FDCWD, path, stat);
        if (result < 0)
        {
            return result;
        }

        uint type = *(uint*)(stat + StatLayout.ModeOffset) & S.IFMT;
        if (type != S.IFREG)
        {
            return type == S.IFDIR ? -Errno.EISDIR : -Errno.EACCES;
        }

        result = Sys.Call(Nr.faccessat2, At.FDCWD, path, (void*)ExecuteAccess, At.EACCESS);
        return result is -Errno.ENOSYS or -Errno.EPERM ? Sys.Call(Nr.faccessat, At.FDCWD, path, (void*)ExecuteAccess) : result;
    }

    private static void FormatHex(byte* to, byte* data, int length)
    {
        for (int i = 0; i < length; i++)
        {
            *to++ = Digit(data[i] >> 4);
            *to++ = Digit(data[i] & 15);
        }

        *to = 0;
    }

    private static byte Digit(int value) => (byte)(value < 10 ? '0' + value : 'a' + value - 10);
}
