using System;
using Anocir.Plan;

namespace Anocir.Init;

/// <summary>Steps of the mount API up to a detached mount.</summary>
internal static unsafe class MountApiSteps
{
    private const int Cloexec = 1; // FSOPEN_CLOEXEC, FSMOUNT_CLOEXEC
    private const int SetString = 1; // FSCONFIG_SET_STRING

    public static int OpenTree(InitState* state, Step* step)
    {
        int fd = (int)Native.Syscall(
            Nr.open_tree, state->Directory(step->SlotB), (nint)state->Data(step->S0), (nint)(step->X | O.CLOEXEC));
        return state->Fill(step->SlotA, fd);
    }

    public static int FsOpen(InitState* state, Step* step) =>
        state->Fill(step->SlotA, Sys.Call(Nr.fsopen, state->Data(step->S0), Cloexec));

    public static int FsConfig(InitState* state, Step* step) =>
        Configure(state, step->SlotA, (int)step->X, state->Data(step->S0), state->Data(step->S1));

    /// <summary>A tmpfs over a directory keeps that directory's mode unless the options say otherwise.</summary>
    public static int FsConfigMode(InitState* state, Step* step)
    {
        Statx stat;
        int result = Sys.Stat(state->Fd(step->SlotB), &stat);
        if (result < 0)
        {
            return result;
        }

        byte* mode = stackalloc byte[24];
        Ascii.Format(mode, stat.stx_mode & 0xFFFu, 8);
        ReadOnlySpan<byte> name = "mode"u8;
        fixed (byte* key = name)
        {
            return Configure(state, step->SlotA, SetString, key, mode);
        }
    }

    public static int FsMount(InitState* state, Step* step)
    {
        int context = state->Fd(step->SlotA);
        int fd = (int)Native.Syscall(Nr.fsmount, context, Cloexec, (nint)step->X);
        if (fd < 0)
        {
            ReportLog(state, context);
            return fd;
        }

        Sys.Drop(context);
        state->Slots[step->SlotA] = -1;
        return state->Fill(step->SlotB, fd);
    }

    private static int Configure(InitState* state, short slot, int command, byte* key, byte* value)
    {
        int context = state->Fd(slot);
        int result = (int)Native.Syscall(Nr.fsconfig, context, command, (nint)key, (nint)value, 0);
        if (result < 0)
        {
            ReportLog(state, context);
        }

        return result;
    }

    // The file system's own words say more than the error number; the report reads them from the context.
    private static void ReportLog(InitState* state, int context)
    {
        state->TextSource = TextSource.FileSystemContext;
        state->TextFd = context;
    }
}
