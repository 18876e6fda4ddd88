using System;

namespace Anocir.Init.Tests;

/// <summary>A terminal of the test.</summary>
internal sealed unsafe class Pty : IDisposable
{
    public Pty()
    {
        Master = Os.Open("/dev/ptmx", O.RDWR | O.NOCTTY);
        int unlock = 0;
        Os.Check(Sys.Ioctl(Master, Tty.TIOCSPTLCK, &unlock));
        Slave = Os.Check(Sys.Ioctl(Master, Tty.TIOCGPTPEER, (void*)(O.RDWR | O.NOCTTY | O.CLOEXEC)));
    }

    public int Master { get; }

    public int Slave { get; private set; }

    public static (int Rows, int Columns) Size(int fd)
    {
        WinSize size;
        Os.Check(Sys.Ioctl(fd, Tty.TIOCGWINSZ, &size));
        return (size.ws_row, size.ws_col);
    }

    public static void Resize(int fd, int rows, int columns)
    {
        WinSize size = default;
        size.ws_row = (ushort)rows;
        size.ws_col = (ushort)columns;
        Os.Check(Sys.Ioctl(fd, Tty.TIOCSWINSZ, &size));
    }

    /// <summary>The terminal settings as the kernel's struct termios.</summary>
    public static byte[] Settings(int fd)
    {
        const uint TCGETS = 0x5401;
        var settings = new byte[Termios.Size];
        fixed (byte* p = settings)
        {
            Os.Check(Sys.Ioctl(fd, TCGETS, p));
        }

        return settings;
    }

    public static void SetSettings(int fd, byte[] settings)
    {
        fixed (byte* p = settings)
        {
            Os.Check(Sys.Ioctl(fd, Tty.TCSETS, p));
        }
    }

    /// <summary>Neither echo nor line editing nor newline translation: bytes pass as they are.</summary>
    public static void MakeRaw(int fd)
    {
        byte[] settings = Settings(fd);
        Array.Clear(settings, 0, 8); // c_iflag, c_oflag
        Array.Clear(settings, 12, 4); // c_lflag
        SetSettings(fd, settings);
    }

    public void CloseSlave()
    {
        if (Slave >= 0)
        {
            Os.Close(Slave);
            Slave = -1;
        }
    }

    public void Dispose()
    {
        CloseSlave();
        Os.Close(Master);
    }
}
