using System;
using System.Runtime.InteropServices;

namespace Anocir.Linux;

public static unsafe partial class Sys
{
    private const int AfUnix = 1;
    private const int SocketCloexec = 0x80000;

    [DllImport(Libc, EntryPoint = "socketpair", SetLastError = true)]
    private static extern int socketpair(int domain, int type, int protocol, int* fds);

    [DllImport(Libc, EntryPoint = "socket", SetLastError = true)]
    private static extern int socket(int domain, int type, int protocol);

    [DllImport(Libc, EntryPoint = "setsockopt", SetLastError = true)]
    private static extern int setsockopt(int fd, int level, int name, void* value, uint length);

    [DllImport(Libc, EntryPoint = "connect", SetLastError = true)]
    private static extern int connect(int fd, void* address, uint length);

    [DllImport(Libc, EntryPoint = "sendmsg", SetLastError = true)]
    private static extern nint sendmsg(int fd, MsgHdr* message, int flags);

    [DllImport(Libc, EntryPoint = "recvmsg", SetLastError = true)]
    private static extern nint recvmsg(int fd, MsgHdr* message, int flags);

    [DllImport(Libc, EntryPoint = "poll", SetLastError = true)]
    private static extern int poll(PollFd* fds, nuint count, int timeout);

    /// <summary>A connected pair of SOCK_SEQPACKET sockets, close-on-exec.</summary>
    public static SysResult PacketPair(out Fd first, out Fd second)
    {
        const int SequentialPacket = 5;
        int* fds = stackalloc int[2];
        SysResult result = Result(socketpair(AfUnix, SequentialPacket | SocketCloexec, 0, fds));
        first = new Fd(result.IsError ? -1 : fds[0]);
        second = new Fd(result.IsError ? -1 : fds[1]);
        return result;
    }

    /// <summary>
    /// A stream socket connected to a path, or to an abstract name; ENAMETOOLONG when it does not fit sun_path (107 bytes). EAGAIN when the listener
    /// does not accept for five seconds (a full backlog makes connect(2) wait); so long may each send(2) on it take, too.
    /// </summary>
    public static SysResult ConnectUnix(string path, bool isAbstract = false)
    {
        const int Stream = 1;
        const int PathMax = SockAddrUn.PathMax;
        int pathOffset = SockAddrUn.PathOffset + (isAbstract ? 1 : 0); // an abstract name starts with a zero byte and ends with the address's length
        using var c = new CString(path, stackalloc byte[CString.StackSize]);
        byte* address = stackalloc byte[SockAddrUn.PathOffset + 1 + PathMax];
        int length = 0;
        for (; c.Pointer[length] != 0; length++)
        {
            if (length >= PathMax - 1)
            {
                return new SysResult(-(int)Errno.ENAMETOOLONG);
            }

            address[pathOffset + length] = c.Pointer[length];
        }

        address[0] = AfUnix;
        address[1] = 0;
        address[SockAddrUn.PathOffset] = isAbstract ? (byte)0 : address[SockAddrUn.PathOffset];
        address[pathOffset + length] = 0;
        SysResult created = Result(socket(AfUnix, Stream | SocketCloexec, 0));
        if (created.IsError)
        {
            return created;
        }

        const int SocketLevel = 1, SendTimeout = 21; // SO_SNDTIMEO, which unix(7)'s connect minds
        long* limit = stackalloc long[] { 5, 0 }; // struct timeval
        SysResult connected = Result(setsockopt(created.Int, SocketLevel, SendTimeout, limit, 2 * sizeof(long)));
        connected = connected.IsError ? connected : Result(connect(created.Int, address, (uint)(pathOffset + length + (isAbstract ? 0 : 1))));
        if (connected.IsError)
        {
            _ = Close(created.Int);
            return connected;
        }

        return created;
    }

    /// <summary>sendmsg(2) of one message, with a descriptor when <paramref name="fd"/> is not -1. No SIGPIPE.</summary>
    public static SysResult Send(int socketFd, ReadOnlySpan<byte> data, int fd = -1)
    {
        const int NoSignal = 0x4000;
        fixed (byte* p = data)
        {
            var vector = new IoVec { Base = p, Length = (nuint)data.Length };
            var control = new RightsMessage { Length = (nuint)sizeof(RightsMessage) - 4, Level = 1, Type = 1, Fd = fd };
            var message = new MsgHdr { Vectors = &vector, VectorCount = 1 };
            if (fd != -1)
            {
                message.Control = &control;
                message.ControlLength = (nuint)sizeof(RightsMessage);
            }

            SysResult result;
            do
            {
                result = Result(sendmsg(socketFd, &message, NoSignal));
            }
            while (result.Is(Errno.EINTR));
            return result;
        }
    }

    /// <summary>recvmsg(2) of one message; a descriptor that came along is returned close-on-exec, else -1. Value 0 = the peer is gone.</summary>
    public static SysResult Receive(int socketFd, Span<byte> buffer, out int fd)
    {
        const int CloexecRights = 0x40000000;
        fixed (byte* p = buffer)
        {
            var vector = new IoVec { Base = p, Length = (nuint)buffer.Length };
            RightsMessage control = default;
            var message = new MsgHdr { Vectors = &vector, VectorCount = 1, Control = &control, ControlLength = (nuint)sizeof(RightsMessage) };
            SysResult result;
            do
            {
                result = Result(recvmsg(socketFd, &message, CloexecRights));
            }
            while (result.Is(Errno.EINTR));
            bool hasFd = !result.IsError && message.ControlLength >= (nuint)sizeof(RightsMessage) - 4 && control is { Level: 1, Type: 1 };
            fd = hasFd ? control.Fd : -1;
            return result;
        }
    }

    /// <summary>
    /// Whether these three descriptors are surely open: one poll(2) that waits for nothing, and counts those that are not, but also those whose other
    /// end is closed.
    /// </summary>
    public static bool AreOpen(int first, int second, int third)
    {
        PollFd* fds = stackalloc PollFd[3];
        fds[0] = new PollFd { Fd = first };
        fds[1] = new PollFd { Fd = second };
        fds[2] = new PollFd { Fd = third };
        return poll(fds, 3, 0) == 0;
    }

    /// <summary>poll(2) for input on up to two descriptors (-1 = none), at most <paramref name="milliseconds"/> (-1: no limit). Value: 0 = time is
    /// up, bit 0 = the first is ready (or at its end), bit 1 = the second.</summary>
    public static SysResult PollInput(int first, int second, int milliseconds)
    {
        const short Input = 1;
        PollFd* fds = stackalloc PollFd[2];
        long end = Environment.TickCount64 + milliseconds;
        while (true)
        {
            fds[0] = new PollFd { Fd = first, Events = Input };
            fds[1] = new PollFd { Fd = second, Events = Input };
            SysResult result = Result(poll(fds, 2, milliseconds));
            if (!result.Is(Errno.EINTR))
            {
                return result.IsError ? result : new SysResult((fds[0].Returned != 0 ? 1 : 0) | (fds[1].Returned != 0 ? 2 : 0));
            }

            if (milliseconds >= 0)
            {
                milliseconds = (int)Math.Max(0, end - Environment.TickCount64);
            }
        }
    }
}
