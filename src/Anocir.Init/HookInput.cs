namespace Anocir.Init;

/// <summary>
/// What a hook gets on stdin: the state of the container, with init's PID in place of the spaces the controller left for it. The plan
/// itself is not changed. Written as far as the pipe takes it, so a hook that does not read holds nobody up.
/// </summary>
internal unsafe struct HookInput
{
    private const int PidBytes = 10;

    private byte* _data;
    private int _length;
    private int _done;
    private int _pidAt;
    private fixed byte _pid[PidBytes];

    /// <summary>The pipe, -1 once everything is written or nobody reads.</summary>
    public int Fd { get; private set; }

    /// <param name="fd">Writing end of the pipe, non-blocking; owned by this from here on.</param>
    /// <param name="data">What to write.</param>
    /// <param name="length">Its length.</param>
    /// <param name="pidAt">Offset of the PID in it, 0 for none.</param>
    /// <param name="pid">The PID.</param>
    public void Open(int fd, byte* data, int length, int pidAt, long pid)
    {
        byte* digits = stackalloc byte[24];
        int count = Ascii.Format(digits, (uint)pid);
        for (int i = 0; i < PidBytes; i++)
        {
            int digit = i - (PidBytes - count);
            _pid[i] = digit < 0 ? (byte)' ' : digits[digit];
        }

        _data = data;
        _length = length;
        _pidAt = pidAt;
        _done = 0;
        Fd = fd;
        if (length == 0)
        {
            Close();
        }
    }

    /// <summary>Writes what fits; closes the pipe at the end, so that the hook sees one.</summary>
    public void Write()
    {
        while (Fd >= 0)
        {
            byte* from = _data + _done;
            int end = _length;
            fixed (byte* pid = _pid)
            {
                if (_pidAt != 0 && _done < _pidAt)
                {
                    end = _pidAt;
                }
                else if (_pidAt != 0 && _done < _pidAt + PidBytes)
                {
                    end = _pidAt + PidBytes;
                    from = pid + (_done - _pidAt);
                }

                nint count = Sys.Write(Fd, from, end - _done);
                if (count == -Errno.EAGAIN)
                {
                    return;
                }

                _done = count < 0 ? _length : _done + (int)count;
            }

            if (_done == _length)
            {
                Close();
            }
        }
    }

    public void Close()
    {
        if (Fd >= 0)
        {
            Sys.Close(Fd);
            Fd = -1;
        }
    }
}
