using System;
using System.Text;

namespace Anocir.Integration.Tests.Fixture;

/// <summary>A service manager's socket: datagrams of sd_notify(3), perhaps with one descriptor.</summary>
internal sealed unsafe class NotifyListener : IDisposable
{
    private const int AfUnix = 1, Datagram = 2, CloExecSocket = 0x80000, CmsgCloExec = 0x40000000;
    private readonly int _socket;

    public NotifyListener(string path)
    {
        Path = path;
        _socket = Native.Check(Native.socket(AfUnix, Datagram | CloExecSocket, 0), "socket");
        byte[] address = new byte[110];
        address[0] = AfUnix;
        int length = Encoding.UTF8.GetBytes(path, address.AsSpan(2));
        bool isAbstract = path[0] == '@';
        address[2] = isAbstract ? (byte)0 : address[2];
        fixed (byte* start = address)
        {
            _ = Native.Check(Native.bind(_socket, start, (uint)(2 + length + (isAbstract ? 0 : 1))), "bind");
        }
    }

    /// <summary>What $NOTIFY_SOCKET has to say; begins with @ for an abstract name.</summary>
    public string Path { get; }

    /// <summary>Whether nothing is there to be received.</summary>
    public bool IsEmpty
    {
        get
        {
            var entry = new Native.PollFd { Fd = _socket, Events = 1 };
            return Native.poll(&entry, 1, 0) == 0;
        }
    }

    /// <summary>The next message and its descriptor, -1 without one.</summary>
    public (string Text, int Fd) Receive()
    {
        UnixListener.WaitReadable(_socket, "a message for the service manager");
        byte* data = stackalloc byte[4096];
        byte* control = stackalloc byte[256];
        var vector = new Native.IoVec { Base = data, Length = 4096 };
        var message = new Native.MsgHdr { Vectors = &vector, VectorCount = 1, Control = control, ControlLength = 256 };
        int length = Native.Check((int)Native.recvmsg(_socket, &message, CmsgCloExec), "recvmsg");
        return (Encoding.UTF8.GetString(data, length), message.ControlLength >= 20 ? *(int*)(control + 16) : -1);
    }

    public void Dispose() => _ = Native.close(_socket);
}
