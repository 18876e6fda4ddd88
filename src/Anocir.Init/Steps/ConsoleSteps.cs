using Anocir.Plan;

namespace Anocir.Init;

/// <summary>Steps that make and take the terminal.</summary>
internal static unsafe class ConsoleSteps
{
    /// <summary>
    /// CVE-2025-52565: what looks like a terminal in the root may be something else. So the directory is verified to be a devpts, ptmx is
    /// opened in it without crossing a mount, and the slave comes from the master, not from a path.
    /// </summary>
    public static int OpenConsole(InitState* state, Step* step)
    {
        int master;
        fixed (byte* directory = "dev/pts"u8, name = "ptmx"u8)
        {
            int pts = Sys.OpenAt2(
                state->Fd(step->SlotB), directory, O.PATH | O.DIRECTORY, Resolve.IN_ROOT | Resolve.NO_SYMLINKS | Resolve.NO_MAGICLINKS);
            if (pts < 0)
            {
                return pts;
            }

            long fileSystem = Sys.FileSystemType(pts);
            master = fileSystem < 0 ? (int)fileSystem
                : fileSystem != Tty.DevPtsMagic ? -Errno.EXDEV
                : Sys.OpenAt2(pts, name, O.RDWR | O.NOCTTY, Resolve.BENEATH | Resolve.NO_XDEV | Resolve.NO_SYMLINKS);
            state->Detail = fileSystem;
            Sys.Close(pts);
        }

        if (master < 0)
        {
            return master;
        }

        int slave = OpenSlave(master);
        if (slave < 0)
        {
            Sys.Close(master);
            return slave;
        }

        if (step->X != 0 || step->Y != 0)
        {
            WinSize size = default;
            size.ws_row = (ushort)step->X;
            size.ws_col = (ushort)step->Y;
            Sys.Ioctl(master, Tty.TIOCSWINSZ, &size);
        }

        state->Fill(Slots.ConsoleMaster, master);
        return state->Fill(Slots.ConsoleSlave, slave);
    }

    public static int UseConsole(InitState* state, Step* step)
    {
        int slave = state->Fd(step->SlotA);
        for (int fd = 0; fd <= 2; fd++)
        {
            int result = FdSteps.Duplicate(slave, fd);
            if (result < 0)
            {
                return result;
            }
        }

        return Sys.Ioctl(0, Tty.TIOCSCTTY, null);
    }

    private static int OpenSlave(int master)
    {
        Statx stat;
        int result = Sys.Stat(master, &stat);
        if (result < 0)
        {
            return result;
        }

        bool isPtmx = (stat.stx_mode & S.IFMT) == S.IFCHR
            && stat.stx_rdev_major == Tty.TtyAuxMajor && stat.stx_rdev_minor == Tty.PtmxMinor;
        if (!isPtmx)
        {
            return -Errno.ENODEV;
        }

        int unlock = 0;
        result = Sys.Ioctl(master, Tty.TIOCSPTLCK, &unlock);
        int slave = result < 0 ? result : Sys.Ioctl(master, Tty.TIOCGPTPEER, (void*)(O.RDWR | O.NOCTTY | O.CLOEXEC));
        if (slave < 0)
        {
            return slave;
        }

        result = Sys.Stat(slave, &stat);
        bool isSlave = result == 0 && (stat.stx_mode & S.IFMT) == S.IFCHR
            && stat.stx_rdev_major is >= Tty.FirstSlaveMajor and <= Tty.LastSlaveMajor
            && Sys.FileSystemType(slave) == Tty.DevPtsMagic;
        if (!isSlave)
        {
            Sys.Close(slave);
            return result < 0 ? result : -Errno.ENODEV;
        }

        return slave;
    }
}
