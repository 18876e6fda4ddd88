using System;
using System.Runtime.InteropServices;
using System.Text;

namespace Anocir.Integration.Tests.Fixture;

/// <summary>A terminal with us at the keyboard: the master end, or one that was received from a console socket.</summary>
internal sealed unsafe class Pty : IDisposable
{
    private const nuint TcGets = 0x5401, TiocGptn = 0x80045430, TiocSwinsz = 0x5414, TiocGwinsz = 0x5413;
    private readonly int _master;
    private readonly StringBuilder _seen = new();

    public Pty()
        : this(Native.Check(Native.posix_openpt(Native.RdWr | Native.NoCtty | Native.CloExec), "posix_openpt"))
    {
        _ = Native.Check(Native.unlockpt(_master), "unlockpt");
        int number;
        _ = Native.Check(Native.ioctl(_master, TiocGptn, &number), "TIOCGPTN");
        Path = $"/dev/pts/{number}";
    }

    public Pty(int master) => _master = master;

    /// <summary>The terminal itself, for the program.</summary>
    public string Path { get; } = "";

    /// <summary>Everything that came so far, without carriage returns.</summary>
    public string Seen => _seen.ToString().Replace("\r", "", StringComparison.Ordinal);

    /// <summary>Input, output and local mode flags of the terminal.</summary>
    public (uint Input, uint Output, uint Local) Mode
    {
        get
        {
            uint* termios = stackalloc uint[64];
            _ = Native.Check(Native.ioctl(_master, TcGets, termios), "TCGETS");
            return (termios[0], termios[1], termios[3]);
        }
    }

    public (int Rows, int Columns) Size
    {
        get
        {
            ushort* size = stackalloc ushort[4];
            _ = Native.Check(Native.ioctl(_master, TiocGwinsz, size), "TIOCGWINSZ");
            return (size[0], size[1]);
        }

        set
        {
            ushort* size = stackalloc ushort[4];
            size[0] = (ushort)value.Rows;
            size[1] = (ushort)value.Columns;
            size[2] = size[3] = 0;
            _ = Native.Check(Native.ioctl(_master, TiocSwinsz, size), "TIOCSWINSZ");
        }
    }

    public void Type(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        fixed (byte* start = bytes)
        {
            _ = Native.Check((int)Native.write(_master, start, (nuint)bytes.Length), "write");
        }
    }

    /// <summary>Reads until the text has come.</summary>
    public void WaitFor(string text)
    {
        while (!Seen.Contains(text, StringComparison.Ordinal))
        {
            if (!ReadSome())
            {
                throw new InvalidOperationException($"the terminal closed before '{text}' came; seen:\n{Seen}");
            }
        }
    }

    /// <summary>Reads until the other end has closed.</summary>
    public void ReadToEnd()
    {
        while (ReadSome())
        {
        }
    }

    public void Dispose() => _ = Native.close(_master);

    private bool ReadSome()
    {
        UnixListener.WaitReadable(_master, "output on the terminal; seen:\n" + Seen);
        byte[] buffer = new byte[4096];
        fixed (byte* start = buffer)
        {
            nint got;
            do
            {
                got = Native.read(_master, start, (nuint)buffer.Length);
            }
            while (got < 0 && Marshal.GetLastPInvokeError() == Native.Eintr);
            if (got <= 0)
            {
                return false; // EIO: nobody has the terminal open any more
            }

            _ = _seen.Append(Encoding.UTF8.GetString(buffer, 0, (int)got));
            return true;
        }
    }
}
