using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Anocir.Linux;

namespace Anocir.Runtime.Networking;

/// <summary>A netlink socket of one network namespace, and the few questions and orders that moving a device takes.</summary>
internal sealed class RouteSocket : IDisposable
{
    private const ushort AttributeName = 3; // IFLA_IFNAME
    private const ushort AttributeNamespace = 28; // IFLA_NET_NS_FD
    private const uint Up = 1; // IFF_UP

    private const ushort TypeError = 2; // NLMSG_ERROR, also the acknowledgement
    private const ushort TypeDone = 3;

    private readonly Fd _socket;
    private uint _sequence;

    private RouteSocket(Fd socket) => _socket = socket;

    /// <summary>A socket of the namespace that the calling thread is in.</summary>
    public static SysResult Open(out RouteSocket? socket)
    {
        SysResult opened = Sys.RouteSocket();
        socket = opened.IsError ? null : new RouteSocket(new Fd(opened.Int));
        return opened;
    }

    /// <summary>The index of a device; ENODEV when there is none of this name.</summary>
    public SysResult Index(string name)
    {
        int index = 0;
        SysResult asked = Ask(new RouteMessage(RouteMessage.GetLink, 0).Link(0).Attribute(AttributeName, name), (type, body) =>
        {
            index = type == RouteMessage.NewLink ? MemoryMarshal.Read<IfInfoMsg>(body).Index : index;
        });
        return asked.IsError ? asked : index == 0 ? new SysResult(-(nint)(int)Errno.ENODEV) : new SysResult(index);
    }

    /// <summary>Takes a device up or down.</summary>
    public SysResult SetUp(int index, bool up) =>
        Ask(new RouteMessage(RouteMessage.NewLink, RouteMessage.Acknowledge).Link(index, up ? Up : 0, Up), null);

    /// <summary>Moves a device to another namespace under a name, in one step.</summary>
    public SysResult Move(int index, string name, int namespaceFd) => Ask(
        new RouteMessage(RouteMessage.NewLink, RouteMessage.Acknowledge).Link(index).Attribute(AttributeName, name).Attribute(AttributeNamespace, namespaceFd),
        null);

    /// <summary>The addresses of a device that a user gave it for the world: permanent, of global scope.</summary>
    public SysResult Addresses(int index, List<DeviceAddress> addresses) => Ask(
        new RouteMessage(RouteMessage.GetAddress, RouteMessage.Dump).Address(0, 0, 0), (type, body) =>
        {
            if (type == RouteMessage.NewAddress && MemoryMarshal.Read<IfAddrMsg>(body).Index == index && DeviceAddress.TryRead(body, out DeviceAddress address))
            {
                addresses.Add(address);
            }
        });

    /// <summary>Gives a device an address.</summary>
    public SysResult Add(int index, in DeviceAddress address) =>
        Ask(address.AppendTo(new RouteMessage(RouteMessage.NewAddress, RouteMessage.Acknowledge | RouteMessage.CreateNew)
            .Address(address.Family, address.PrefixLength, index)), null);

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private delegate void Reply(ushort type, ReadOnlySpan<byte> body);

    // A question ends with its one answer, a dump with NLMSG_DONE, an order with the acknowledgement, which is an error of 0.
    private SysResult Ask(RouteMessage message, Reply? reply)
    {
        const int Milliseconds = 20_000;
        SysResult sent = Sys.SendDatagram(_socket.Number, message.Finish(++_sequence));
        if (sent.IsError)
        {
            return sent;
        }

        byte[] buffer = new byte[64 * 1024]; // more than a datagram of a dump has (NLMSG_GOODSIZE, 32 KiB)
        while (true)
        {
            if (Sys.PollInput(_socket.Number, -1, Milliseconds).Value == 0)
            {
                return new SysResult(-(nint)(int)Errno.ETIMEDOUT);
            }

            SysResult received = Sys.ReceiveDatagram(_socket.Number, buffer);
            if (received.IsError || received.Int > buffer.Length)
            {
                return received.IsError ? received : new SysResult(-(nint)(int)Errno.EMSGSIZE);
            }

            if (TryRead(buffer.AsSpan(0, received.Int), reply, out SysResult result))
            {
                return result;
            }
        }
    }

    // True when the answer is complete.
    private bool TryRead(ReadOnlySpan<byte> datagram, Reply? reply, out SysResult result)
    {
        const ushort Multipart = 2; // NLM_F_MULTI
        result = default;
        while (datagram.Length >= Unsafe.SizeOf<NlMsgHdr>())
        {
            NlMsgHdr header = MemoryMarshal.Read<NlMsgHdr>(datagram);
            bool isOurs = header.Sequence == _sequence;
            if (header.Length < Unsafe.SizeOf<NlMsgHdr>() || header.Length > datagram.Length)
            {
                return false;
            }

            ReadOnlySpan<byte> body = datagram[Unsafe.SizeOf<NlMsgHdr>()..header.Length];
            if (isOurs && header.Type is TypeError or TypeDone)
            {
                result = new SysResult(header.Type == TypeError ? BinaryPrimitives.ReadInt32LittleEndian(body) : 0);
                return true;
            }

            if (isOurs)
            {
                reply?.Invoke(header.Type, body);
                if ((header.Flags & Multipart) == 0)
                {
                    return true;
                }
            }

            datagram = datagram[Math.Min((header.Length + 3) & ~3, datagram.Length)..];
        }

        return false;
    }
}
