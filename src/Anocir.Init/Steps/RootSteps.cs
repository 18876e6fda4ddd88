using System;
using Anocir.Plan;

namespace Anocir.Init;

/// <summary>Steps that change the root and the working directory.</summary>
internal static unsafe class RootSteps
{
    private const ulong Recursive = 0x4000; // MS_REC
    private const ulong Slave = 0x80000; // MS_SLAVE
    private const ulong Move = 0x2000; // MS_MOVE
    private const int Detach = 2; // MNT_DETACH

    /// <summary>
    /// pivot_root(".", ".") stacks the old root on the new one, so no directory for it is needed in the image. The old one becomes a slave
    /// before it is detached: the unmount must not travel back to the host.
    /// </summary>
    public static int PivotRoot(InitState* state, Step* step)
    {
        fixed (byte* slash = "/"u8, dot = "."u8)
        {
            int oldRoot = Sys.OpenAt2(At.FDCWD, slash, O.PATH | O.DIRECTORY, 0);
            if (oldRoot < 0)
            {
                return oldRoot;
            }

            int result = Sys.Call(Nr.fchdir, state->Fd(step->SlotA));
            result = result == 0 ? Sys.Call(Nr.pivot_root, dot, (nint)dot) : result;
            result = result == 0 ? Sys.Call(Nr.fchdir, oldRoot) : result;
            result = result == 0 ? MountSteps.Mount(null, dot, null, Slave | Recursive, null) : result;
            result = result == 0 ? Sys.Call(Nr.umount2, dot, Detach) : result;
            result = result == 0 ? Sys.Call(Nr.chdir, slash) : result;
            Sys.Drop(oldRoot);
            return result;
        }
    }

    /// <summary>For a root on an initramfs, which pivot_root refuses.</summary>
    public static int MoveRoot(InitState* state, Step* step) => ChangeRoot(state, step, move: true);

    /// <summary>Without a mount namespace nothing can be pivoted or moved. Root with CAP_SYS_CHROOT gets out of it.</summary>
    public static int ChangeRoot(InitState* state, Step* step) => ChangeRoot(state, step, move: false);

    /// <summary>CVE-2024-21626: a working directory outside the root is reached through a leaked fd; getcwd gives it away.</summary>
    public static int ChangeDirectory(InitState* state, Step* step)
    {
        int result = Sys.Call(Nr.chdir, state->Data(step->S0));
        return result == 0 ? CheckInside() : result;
    }

    private static int ChangeRoot(InitState* state, Step* step, bool move)
    {
        fixed (byte* slash = "/"u8, dot = "."u8)
        {
            int result = Sys.Call(Nr.fchdir, state->Fd(step->SlotA));
            result = result == 0 && move ? MountSteps.Mount(dot, slash, null, Move, null) : result;
            result = result == 0 ? Sys.Call(Nr.chroot, dot) : result;
            return result == 0 ? Sys.Call(Nr.chdir, slash) : result;
        }
    }

    private static int CheckInside()
    {
        // The kernel writes "(unreachable)/..." for a directory that the root does not contain, and ENOENT for a removed one. Its
        // longest answer is a page.
        const int PathMax = 4096;
        byte* buffer = stackalloc byte[PathMax];
        int length = Sys.Call(Nr.getcwd, buffer, PathMax);
        return length > 0 && buffer[0] == '/' ? 0 : -Errno.EXDEV;
    }
}
