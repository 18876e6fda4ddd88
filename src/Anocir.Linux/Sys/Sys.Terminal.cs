using System.Runtime.InteropServices;

namespace Anocir.Linux;

public static unsafe partial class Sys
{
    private const nuint GetTermios = 0x5401; // TCGETS
    private const nuint SetTermios = 0x5402; // TCSETS
    private const nuint GetWindowSize = 0x5413; // TIOCGWINSZ
    private const nuint SetWindowSize = 0x5414; // TIOCSWINSZ

    [DllImport(Libc, EntryPoint = "ioctl", SetLastError = true)]
    private static extern int ioctl(int fd, nuint request, void* argument);

    /// <summary>Whether the descriptor is a terminal.</summary>
    public static bool IsTerminal(int fd) => !TerminalAttributes(fd, out _).IsError;

    /// <summary>The kernel's struct termios of a terminal (36 bytes); ENOTTY when the fd is none.</summary>
    public static SysResult TerminalAttributes(int fd, out Termios attributes)
    {
        fixed (Termios* p = &attributes)
        {
            return Result(ioctl(fd, GetTermios, p));
        }
    }

    /// <summary>Sets a terminal's attributes at once (TCSETS).</summary>
    public static SysResult SetTerminalAttributes(int fd, in Termios attributes)
    {
        fixed (Termios* p = &attributes)
        {
            return Result(ioctl(fd, SetTermios, p));
        }
    }

    /// <summary>Gives the terminal <paramref name="to"/> the window size of <paramref name="from"/>.</summary>
    public static SysResult CopyWindowSize(int from, int to)
    {
        WinSize size;
        SysResult result = Result(ioctl(from, GetWindowSize, &size));
        return result.IsError ? result : Result(ioctl(to, SetWindowSize, &size));
    }

    /// <summary>The CLONE_NEW* type of a namespace file (ioctl_ns(2), NS_GET_NSTYPE); ENOTTY when the fd is none.</summary>
    public static SysResult NamespaceType(int fd)
    {
        const nuint GetNamespaceType = 0xb703;
        return Result(ioctl(fd, GetNamespaceType, null));
    }
}
