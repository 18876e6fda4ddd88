using System;
using System.Runtime.InteropServices;
using System.Text;

namespace Anocir.Integration.Tests.Fixture;

/// <summary>A running program, its output so far, its end.</summary>
internal sealed unsafe class Spawned : IDisposable
{
    private const int SysPidfdOpen = 434;
    private readonly string _command;
    private readonly int _output;
    private readonly int _error;
    private readonly int _pidfd;
    private int? _status;

    public Spawned(string command, int pid, int output, int error)
    {
        _command = command;
        Pid = pid;
        _output = output;
        _error = error;
        _pidfd = Native.Check((int)Native.syscall(SysPidfdOpen, pid, 0, 0, 0), "pidfd_open");
    }

    public int Pid { get; }

    public string Stdout => Text(_output);

    public string Stderr => Text(_error);

    /// <summary>True once the program has ended; it stays a zombie until <see cref="Wait"/>.</summary>
    public bool HasEnded => _status is not null || Poll(0);

    /// <summary>Waits for the end; kills the program and throws, with its output, when time is up.</summary>
    public CliResult Wait(TimeSpan? limit = null)
    {
        TimeSpan most = limit ?? Deadline.Default;
        if (!Poll((int)most.TotalMilliseconds))
        {
            Kill();
            throw new TimeoutException($"'{_command}' did not end within {most.TotalSeconds} s\nstdout: {Stdout}\nstderr: {Stderr}");
        }

        Reap();
        return new CliResult(ShellCode(_status!.Value), Stdout, Stderr);
    }

    /// <summary>Waits until standard output contains a text; a container's output may come after the command that made it has ended.</summary>
    public void WaitForOutput(string text)
    {
        bool isAttached = _status is null;
        bool ended = false;
        bool found = Deadline.TryWaitFor(
            () =>
            {
                ended = isAttached && HasEnded; // before the last look at the output
                return Stdout.Contains(text, StringComparison.Ordinal) || ended;
            },
            Deadline.Default);
        if (!found || !Stdout.Contains(text, StringComparison.Ordinal))
        {
            throw new TimeoutException($"'{_command}' {(ended ? "ended" : "went on")} without printing '{text}'\nstdout: {Stdout}\nstderr: {Stderr}");
        }
    }

    public void Signal(int signal) => _ = Native.Check(Native.kill(Pid, signal), "kill");

    public void Dispose()
    {
        if (_status is null)
        {
            Kill();
        }

        _ = Native.close(_pidfd);
        _ = Native.close(_output);
        _ = Native.close(_error);
    }

    /// <summary>Exit status, or 128 + signal.</summary>
    internal static int ShellCode(int status) => (status & 0x7f) == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f);

    private void Kill()
    {
        _ = Native.kill(Pid, 9);
        Reap();
    }

    private bool Poll(int milliseconds)
    {
        var entry = new Native.PollFd { Fd = _pidfd, Events = 1 };
        int ready;
        do
        {
            ready = Native.poll(&entry, 1, milliseconds);
        }
        while (ready < 0 && Marshal.GetLastPInvokeError() == Native.Eintr);
        return ready > 0;
    }

    private void Reap()
    {
        int status = 0;
        while (_status is null)
        {
            if (Native.wait4(Pid, &status, 0, null) == Pid)
            {
                _status = status;
            }
            else if (Marshal.GetLastPInvokeError() != Native.Eintr)
            {
                throw new InvalidOperationException("the child was reaped by somebody else");
            }
        }
    }

    private static string Text(int fd)
    {
        var text = new StringBuilder();
        byte[] buffer = new byte[65536];
        long offset = 0;
        fixed (byte* start = buffer)
        {
            nint got;
            while ((got = Native.pread(fd, start, (nuint)buffer.Length, offset)) > 0)
            {
                _ = text.Append(Encoding.UTF8.GetString(buffer, 0, (int)got));
                offset += got;
            }
        }

        return text.ToString();
    }
}
