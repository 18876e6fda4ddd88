using Anocir.Plan;

namespace Anocir.Init;

/// <summary>Steps on files and fds.</summary>
internal static unsafe class FdSteps
{
    public static int Open(InitState* state, Step* step) => state->Fill(step->SlotA, OpenOperand(state, step));

    public static int Duplicate(int fd, int stream)
    {
        int result = (int)Native.Syscall(Nr.dup3, fd, stream, 0);
        return result < 0 ? result : 0;
    }

    public static int Close(InitState* state, Step* step)
    {
        int fd = state->Fd(step->SlotA);
        if (fd >= 0)
        {
            state->Slots[step->SlotA] = -1;
            Sys.Close(fd);
        }

        return 0;
    }

    public static int CloseRange(Step* step) =>
        (int)Native.Syscall(Nr.close_range, (nint)step->X, (nint)step->Y, (nint)step->Z);

    public static int WriteFile(InitState* state, Step* step)
    {
        int fd = OpenOperand(state, step);
        if (fd < 0)
        {
            return fd;
        }

        // procfs and cgroupfs files take their value in one write.
        nint written = Sys.Write(fd, state->Data(step->S1), (nint)step->L);
        Sys.Drop(fd);
        return written < 0 ? (int)written : written == (nint)step->L ? 0 : -Errno.EIO;
    }

    public static int VerifyFile(InitState* state, Step* step)
    {
        int fd = state->Fd(step->SlotA);
        Statx stat;
        int result = Sys.Stat(fd, &stat);
        if (result < 0)
        {
            return result;
        }

        uint type = stat.stx_mode & S.IFMT;
        if (type != step->X)
        {
            state->Detail = type;
            return step->X == S.IFDIR ? -Errno.ENOTDIR : type == S.IFDIR ? -Errno.EISDIR : -Errno.EINVAL;
        }

        ulong device = ((ulong)stat.stx_rdev_major << 32) | stat.stx_rdev_minor;
        if (step->Y != ulong.MaxValue && device != step->Y)
        {
            state->Detail = (long)device;
            return -Errno.ENODEV;
        }

        if (step->Z == 0)
        {
            return 0;
        }

        long fileSystem = Sys.FileSystemType(fd);
        if (fileSystem < 0)
        {
            return (int)fileSystem;
        }

        state->Detail = fileSystem;
        return fileSystem == (long)step->Z ? 0 : -Errno.EXDEV;
    }

    public static int SetAttribute(InitState* state, Step* step) => (int)Native.Syscall(
        Nr.fsetxattr, state->Fd(step->SlotA), (nint)state->Data(step->S0), (nint)state->Data(step->S1), (nint)step->L, 0);

    public static int Remove(InitState* state, Step* step) =>
        (int)Native.Syscall(Nr.unlinkat, state->Directory(step->SlotB), (nint)state->Data(step->S0), (nint)step->X);

    private static int OpenOperand(InitState* state, Step* step) =>
        Sys.OpenAt2(state->Directory(step->SlotB), state->Data(step->S0), (int)step->X, step->Y);
}
