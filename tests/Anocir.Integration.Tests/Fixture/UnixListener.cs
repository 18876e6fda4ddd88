using System;
using System.Runtime.InteropServices;
using System.Text;

namespace Anocir.Integration.Tests.Fixture;

/// <summary>The receiving end of --console-socket and --pidfd-socket: one message with one descriptor.</summary>
internal sealed unsafe class UnixListener : IDisposable
{
    private const int AfUnix = 1, Stream = 1, CloExecSocket = 0x80000, CmsgCloExec = 0x40000000;
    private readonly int _socket;
    private int _first = -1;

    /// <summary>Listens. With <paramref name="held"/> the queue is full, so that whoever connects waits until <see cref="Release"/>.</summary>
    public UnixListener(string path, bool held = false)
    {
        Path = path;
        _socket = Native.Check(Native.socket(AfUnix, Stream | CloExecSocket, 0), "socket");
        byte[] address = new byte[110];
        address[0] = AfUnix;
        _ = Encoding.UTF8.GetBytes(path, address.AsSpan(2));
        fixed (byte* start = address)
        {
            _ = Native.Check(Native.bind(_socket, start, (uint)(3 + Encoding.UTF8.GetByteCount(path))), "bind");
        }

        _ = Native.Check(Native.listen(_socket, held ? 0 : 4), "listen");
        if (held)
        {
            _first = Native.Check(Native.socket(AfUnix, Stream | CloExecSocket, 0), "socket");
            fixed (byte* start = address)
            {
                _ = Native.Check(Native.connect(_first, start, (uint)(3 + Encoding.UTF8.GetByteCount(path))), "connect");
            }
        }
    }

    /// <summary>Takes our own connection off the queue: the next one is let in.</summary>
    public void Release()
    {
        _ = Native.close(Native.Check(Native.accept4(_socket, null, null, CloExecSocket), "accept"));
        _ = Native.close(_first);
        _first = -1;
    }

    public string Path { get; }

    /// <summary>Accepts one connection and receives: the descriptor (-1 without one), the data, and whether the peer then closed.</summary>
    public (int Fd, string Data, bool Closed) Receive()
    {
        WaitReadable(_socket, "a connection to " + Path);
        int peer = Native.Check(Native.accept4(_socket, null, null, CloExecSocket), "accept");
        byte* data = stackalloc byte[4096];
        byte* control = stackalloc byte[256];
        var vector = new Native.IoVec { Base = data, Length = 4096 };
        var message = new Native.MsgHdr { Vectors = &vector, VectorCount = 1, Control = control, ControlLength = 256 };
        WaitReadable(peer, "a message on " + Path);
        int length = Native.Check((int)Native.recvmsg(peer, &message, CmsgCloExec), "recvmsg");
        int fd = message.ControlLength >= 20 ? *(int*)(control + 16) : -1;
        if (message.ControlLength > 24)
        {
            throw new InvalidOperationException("more than one descriptor came");
        }

        WaitReadable(peer, "the end of the connection");
        bool closed = Native.read(peer, data + length, 1) == 0;
        _ = Native.close(peer);
        return (fd, Encoding.UTF8.GetString(data, length), closed);
    }

    public void Dispose()
    {
        _ = Native.close(_first);
        _ = Native.close(_socket);
    }

    /// <summary>Waits until a descriptor is readable or at its end.</summary>
    internal static void WaitReadable(int fd, string what)
    {
        var entry = new Native.PollFd { Fd = fd, Events = 1 };
        int ready;
        do
        {
            ready = Native.poll(&entry, 1, (int)Deadline.Default.TotalMilliseconds);
        }
        while (ready < 0 && Marshal.GetLastPInvokeError() == Native.Eintr);
        if (ready == 0)
        {
            throw new TimeoutException("waited for " + what);
        }
    }
}
