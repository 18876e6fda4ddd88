using System;
using System.Runtime.InteropServices;
using System.Text;

namespace Anocir.Linux;

public static unsafe partial class Sys
{
    [DllImport(Libc, EntryPoint = "bind", SetLastError = true)]
    private static extern int bind(int fd, void* address, uint length);

    /// <summary>A datagram socket bound to a path, close-on-exec; ENAMETOOLONG when the path does not fit sun_path.</summary>
    public static SysResult BindDatagram(string path) => DatagramSocket(path, server: true);

    /// <summary>A datagram socket connected to a path, or with a leading <c>@</c> to an abstract name; close-on-exec.</summary>
    public static SysResult ConnectDatagram(string address) => DatagramSocket(address, server: false);

    private static SysResult DatagramSocket(string address, bool server)
    {
        const int Datagram = 2;
        const int PathOffset = SockAddrUn.PathOffset;
        const int PathMax = SockAddrUn.PathMax;
        byte* name = stackalloc byte[PathOffset + PathMax];
        new Span<byte>(name, PathOffset + PathMax).Clear();
        name[0] = AfUnix;
        if (!Encoding.UTF8.TryGetBytes(address, new Span<byte>(name + PathOffset, PathMax - 1), out int length))
        {
            return new SysResult(-(int)Errno.ENAMETOOLONG);
        }

        // An abstract name begins with NUL and has no NUL at its end (unix(7)).
        bool isAbstract = length > 0 && name[PathOffset] == (byte)'@';
        name[PathOffset] = isAbstract ? (byte)0 : name[PathOffset];
        uint size = (uint)(PathOffset + length + (isAbstract ? 0 : 1));
        SysResult created = Result(socket(AfUnix, Datagram | SocketCloexec, 0));
        if (created.IsError)
        {
            return created;
        }

        SysResult named = Result(server ? bind(created.Int, name, size) : connect(created.Int, name, size));
        if (named.IsError)
        {
            _ = Close(created.Int);
            return named;
        }

        return created;
    }
}
