using System;
using System.Runtime.InteropServices;

namespace Anocir.Linux;

public static unsafe partial class Sys
{
    [DllImport(Libc, EntryPoint = "setns", SetLastError = true)]
    private static extern int setns(int fd, int type);

    [DllImport(Libc, EntryPoint = "send", SetLastError = true)]
    private static extern nint send(int fd, byte* data, nint length, int flags);

    [DllImport(Libc, EntryPoint = "recv", SetLastError = true)]
    private static extern nint recv(int fd, byte* buffer, nint length, int flags);

    /// <summary>setns(2) of the calling thread.</summary>
    public static SysResult SetNamespace(int fd, uint type) => Result(setns(fd, (int)type));

    /// <summary>A NETLINK_ROUTE socket of the calling thread's network namespace, close-on-exec (rtnetlink(7)).</summary>
    public static SysResult RouteSocket()
    {
        const int Netlink = 16;
        const int Raw = 3;
        return Result(socket(Netlink, Raw | SocketCloexec, 0));
    }

    /// <summary>send(2) of one datagram, whole; no SIGPIPE.</summary>
    public static SysResult SendDatagram(int socketFd, ReadOnlySpan<byte> data)
    {
        const int NoSignal = 0x4000;
        fixed (byte* p = data)
        {
            SysResult result;
            do
            {
                result = Result(send(socketFd, p, data.Length, NoSignal));
            }
            while (result.Is(Errno.EINTR));
            return result;
        }
    }

    /// <summary>recv(2) of one datagram; the value is its true length, which may be more than the buffer has room for.</summary>
    public static SysResult ReceiveDatagram(int socketFd, Span<byte> buffer)
    {
        const int Truncate = 0x20; // MSG_TRUNC
        fixed (byte* p = buffer)
        {
            SysResult result;
            do
            {
                result = Result(recv(socketFd, p, buffer.Length, Truncate));
            }
            while (result.Is(Errno.EINTR));
            return result;
        }
    }
}
