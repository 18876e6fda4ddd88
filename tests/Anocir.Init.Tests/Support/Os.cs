using System;
using System.Diagnostics;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;

namespace Anocir.Init.Tests;

/// <summary>System calls that tests make themselves. Every fd is close-on-exec.</summary>
internal static unsafe class Os
{
#if ANOCIR_ARM64
    private const int NrSocketPair = 199;
    private const int NrMemfdCreate = 279;
#else
    private const int NrSocketPair = 53;
    private const int NrMemfdCreate = 319;
#endif
    private const int NrPidfdOpen = 434;

    /// <summary>Longest wait of a test for something that is about to happen.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    public static int Check(nint result) => result >= 0 ? (int)result : throw new InvalidOperationException($"error {-result}");

    public static nint CheckAddress(nint result) =>
        result is < 0 and > -4096 ? throw new InvalidOperationException($"error {-result}") : result;

    public static (int Ours, int Theirs) SocketPair()
    {
        const int Unix = 1;
        const int SeqPacketCloexec = 5 | 0x80000;
        int* fds = stackalloc int[2];
        Check(Native.Syscall(NrSocketPair, Unix, SeqPacketCloexec, 0, (nint)fds));
        return (fds[0], fds[1]);
    }

    public static (int Read, int Write) Pipe()
    {
        int* fds = stackalloc int[2];
        Check(Native.Syscall(Nr.pipe2, (nint)fds, O.CLOEXEC));
        return (fds[0], fds[1]);
    }

    public static int Memfd(ReadOnlySpan<byte> content, bool append = false)
    {
        const int Append = 0x400;
        const int SetFlags = 4;
        fixed (byte* name = "test"u8, data = content)
        {
            int fd = Check(Native.Syscall(NrMemfdCreate, (nint)name, 1));
            Check(Native.Syscall(Nr.write, fd, (nint)data, content.Length));
            if (append)
            {
                Check(Sys.Fcntl(fd, SetFlags, Append));
            }

            return fd;
        }
    }

    public static int Open(string path, int flags = O.PATH)
    {
        fixed (byte* p = Encoding.UTF8.GetBytes(path + "\0"))
        {
            return Check(Sys.OpenAt2(At.FDCWD, p, flags, 0, (flags & O.CREAT) != 0 ? 0x1A4u : 0));
        }
    }

    public static string ReadLink(string path)
    {
        var buffer = new byte[4096];
        fixed (byte* p = Encoding.UTF8.GetBytes(path + "\0"), b = buffer)
        {
            return Encoding.UTF8.GetString(buffer, 0, Check(Native.Syscall(Nr.readlinkat, At.FDCWD, (nint)p, (nint)b, buffer.Length)));
        }
    }

    public static int PidFd(int pid) => Check(Native.Syscall(NrPidfdOpen, pid, 0));

    public static void Kill(int pid, int signal) => Native.Syscall(Nr.kill, pid, signal);

    public static void Close(int fd) => Sys.Close(fd);

    public static byte[] Read(int fd, int size = 65536)
    {
        var buffer = new byte[size];
        fixed (byte* p = buffer)
        {
            return buffer[..Check(Sys.Read(fd, p, size))];
        }
    }

    /// <summary>Reads within the deadline until what has come ends so.</summary>
    public static string ReadUntil(int fd, string end)
    {
        string text = "";
        while (!text.EndsWith(end, StringComparison.Ordinal))
        {
            text += WaitFor(fd) ? Encoding.UTF8.GetString(Read(fd)) : throw new TimeoutException($"only '{text}' came");
        }

        return text;
    }

    public static void Write(int fd, ReadOnlySpan<byte> data)
    {
        fixed (byte* p = data)
        {
            Check(Sys.Write(fd, p, data.Length));
        }
    }

    /// <summary>Whether poll reports one of the events within the deadline. SIGCHLD of another test may interrupt it.</summary>
    public static bool WaitFor(int fd, short events = Poll.IN, int milliseconds = 20_000)
    {
        PollFd poll;
        poll.fd = fd;
        poll.events = events;
        poll.revents = 0;
        long end = Environment.TickCount64 + milliseconds;
        long left = milliseconds;
        while (Check(Sys.PollFds(&poll, 1, left)) == 0)
        {
            left = end - Environment.TickCount64;
            if (left <= 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The wait status of a child, which has to end within the deadline.</summary>
    public static int WaitExit(int pid)
    {
        int pidfd = PidFd(pid);
        bool ended = WaitFor(pidfd);
        Close(pidfd);
        if (!ended)
        {
            Kill(pid, Sig.KILL);
        }

        int status;
        Check(waitpid(pid, &status, 0x40000000));
        return ended ? status : throw new TimeoutException($"process {pid} did not end");
    }

    /// <summary>
    /// Whether a process sleeps until something happens to it. Not every kernel tells in what (/proc/PID/wchan): User-mode Linux does not.
    /// </summary>
    public static bool Sleeps(int pid) => File.ReadAllText($"/proc/{pid}/status").Contains("\nState:\tS", StringComparison.Ordinal);

    /// <summary>Waits until a condition holds; for what the kernel does not announce.</summary>
    public static void Until(Func<bool> condition, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (watch.Elapsed > Deadline)
            {
                throw new TimeoutException(what);
            }

            Thread.Sleep(1);
        }
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int waitpid(int pid, int* status, int options);
}
