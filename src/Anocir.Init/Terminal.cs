namespace Anocir.Init;

/// <summary>
/// Copies between the caller's stdin and stdout and the master of the container's terminal. The master is made non-blocking; stdin and
/// stdout belong to the caller too, so their flags stay and only what poll allows is done.
/// </summary>
internal unsafe struct Terminal
{
    /// <summary>Entries <see cref="Prepare"/> fills.</summary>
    public const int PollCount = 3;

    // Not above PIPE_BUF: after POLLOUT a pipe takes that much without blocking.
    private const int Size = 4096;

    // What can lie between a dead container and the reader of its terminal: 64 KiB of tty buffers and the line discipline's page, with room.
    private const int DrainLimit = 256 * 1024;

    private fixed byte _input[Size];
    private fixed byte _output[Size];
    private int _inputBegin;
    private int _inputEnd;
    private int _outputBegin;
    private int _outputEnd;
    private int _stdin;
    private int _master;
    private int _stdout;
    private bool _discards;

    public void Open(int master)
    {
        const int GetFlags = 3; // F_GETFL
        const int SetFlags = 4; // F_SETFL
        _inputBegin = _inputEnd = _outputBegin = _outputEnd = 0;
        _stdin = 0;
        _master = master;
        _stdout = 1;
        _discards = false;
        Sys.Fcntl(master, SetFlags, Sys.Fcntl(master, GetFlags, 0) | O.NONBLOCK);

        // A terminal blocks the writer while its output is stopped (^S), and signals with it: write through an own open file. Where it may
        // not be opened (another user's), the caller's has to do.
        WinSize size;
        if (Sys.Ioctl(1, Tty.TIOCGWINSZ, &size) == 0)
        {
            byte* path = stackalloc byte[40];
            Ascii.FdPath(path, 1);
            int own = Sys.OpenAt2(At.FDCWD, path, O.WRONLY | O.NONBLOCK | O.NOCTTY, 0);
            _stdout = own < 0 ? 1 : own;
        }
    }

    /// <summary>Gives the container's terminal the size of the caller's.</summary>
    public static void Resize(int master)
    {
        if (master < 0)
        {
            return;
        }

        for (int fd = 0; fd <= 2; fd++)
        {
            WinSize size;
            if (Sys.Ioctl(fd, Tty.TIOCGWINSZ, &size) == 0)
            {
                Sys.Ioctl(master, Tty.TIOCSWINSZ, &size);
                return;
            }
        }
    }

    /// <summary>What to wait for: each direction either for something to read or for room to write it.</summary>
    public readonly void Prepare(PollFd* polls)
    {
        bool inputWaits = _inputBegin < _inputEnd;
        bool outputWaits = _outputBegin < _outputEnd;
        Set(polls, inputWaits || _master < 0 ? -1 : _stdin, Poll.IN);
        short events = (short)((inputWaits ? Poll.OUT : 0) | (outputWaits ? 0 : Poll.IN));
        Set(polls + 1, events == 0 ? -1 : _master, events);
        Set(polls + 2, outputWaits ? _stdout : -1, Poll.OUT);
    }

    /// <summary>Does what poll said is possible.</summary>
    public void Serve(PollFd* polls)
    {
        const short CanRead = Poll.IN | Poll.HUP | Poll.ERR | Poll.NVAL;
        const short CanWrite = Poll.OUT | Poll.HUP | Poll.ERR | Poll.NVAL;
        if ((polls[0].revents & CanRead) != 0)
        {
            ReadInput();
        }

        if (_inputBegin < _inputEnd && (polls[1].revents & CanWrite) != 0)
        {
            WriteInput();
        }

        if (_outputBegin == _outputEnd && (polls[1].revents & CanRead) != 0)
        {
            ReadOutput();
        }

        if (_outputBegin < _outputEnd && (polls[2].revents & CanWrite) != 0)
        {
            WriteOutput();
        }
    }

    /// <summary>
    /// After the container's death: what it had written still goes out. Not until end of file, because others may hold the terminal; a
    /// signal that asks to end ends it.
    /// </summary>
    public void Drain(int signals)
    {
        PollFd* polls = stackalloc PollFd[2];
        for (int drained = 0; drained < DrainLimit;)
        {
            if (_outputBegin == _outputEnd)
            {
                // poll or read on a master flush what is still on its way (n_tty), so "nothing now" is "nothing more".
                if (_master < 0 || !ReadOutput())
                {
                    return;
                }

                drained += _outputEnd;
            }

            Set(polls, _stdout, Poll.OUT);
            Set(polls + 1, signals, Poll.IN);
            int ready = Sys.PollFds(polls, 2, -1);
            if (ready < 0 || (polls[1].revents != 0 && AsksToEnd(signals)))
            {
                return;
            }

            if (polls[0].revents != 0)
            {
                WriteOutput();
            }
        }
    }

    private static bool AsksToEnd(int signals)
    {
        int* signal = stackalloc int[SignalFdInfo.Size / sizeof(int)];
        bool ends = false;
        while (Sys.Read(signals, signal, SignalFdInfo.Size) == SignalFdInfo.Size)
        {
            ends |= signal[SignalFdInfo.SignalOffset / sizeof(int)] is Sig.HUP or Sig.INT or Sig.QUIT or Sig.TERM;
        }

        return ends;
    }

    private static void Set(PollFd* poll, int fd, short events)
    {
        poll->fd = fd;
        poll->events = events;
        poll->revents = 0;
    }

    private void ReadInput()
    {
        fixed (byte* buffer = _input)
        {
            nint count = Sys.Read(_stdin, buffer, Size);
            _inputBegin = 0;
            _inputEnd = count > 0 ? (int)count : 0;
            if (count == -Errno.EIO && WaitForForeground())
            {
                return;
            }

            if (count <= 0 && count != -Errno.EAGAIN)
            {
                _stdin = -1;
            }
        }
    }

    // EIO from a terminal with SIGTTIN blocked: the caller's job is in the background. Stop as every program there does, until the shell
    // continues it. False when nobody stops it (an orphaned process group, or not a terminal).
    private static bool WaitForForeground()
    {
        int foreground;
        int group = (int)Native.Syscall(Nr.getpgid, 0);
        if (Sys.Ioctl(0, Tty.TIOCGPGRP, &foreground) < 0 || foreground == group)
        {
            return false;
        }

        const int Stop = Sig.TTIN;
        Native.Syscall(Nr.kill, Native.Syscall(Nr.getpid), Stop);
        ProcessSteps.SetSignalMask(~(1ul << (Stop - 1)));
        ProcessSteps.SetSignalMask(ulong.MaxValue);
        return Sys.Ioctl(0, Tty.TIOCGPGRP, &foreground) == 0 && foreground == group;
    }

    private void WriteInput()
    {
        fixed (byte* buffer = _input)
        {
            nint count = Sys.Write(_master, buffer + _inputBegin, _inputEnd - _inputBegin);
            if (count > 0)
            {
                _inputBegin += (int)count;
            }
            else if (count != -Errno.EAGAIN)
            {
                _inputBegin = _inputEnd;
            }
        }
    }

    private bool ReadOutput()
    {
        fixed (byte* buffer = _output)
        {
            nint count = Sys.Read(_master, buffer, Size);
            _outputBegin = 0;
            _outputEnd = count > 0 ? (int)count : 0;
            if (count <= 0 && count != -Errno.EAGAIN)
            {
                _master = -1; // EIO: every slave is closed
            }

            if (_discards)
            {
                _outputBegin = _outputEnd;
            }

            return count > 0;
        }
    }

    private void WriteOutput()
    {
        fixed (byte* buffer = _output)
        {
            nint count = Sys.Write(_stdout, buffer + _outputBegin, _outputEnd - _outputBegin);
            if (count > 0)
            {
                _outputBegin += (int)count;
            }
            else if (count != -Errno.EAGAIN)
            {
                // Nobody reads any more. The container goes on, and must not block on a full terminal.
                _discards = true;
                _outputBegin = _outputEnd;
            }
        }
    }
}
