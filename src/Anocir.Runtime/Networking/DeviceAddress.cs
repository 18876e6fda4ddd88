using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Anocir.Linux;

namespace Anocir.Runtime.Networking;

/// <summary>An address of a network device as rtnetlink(7) describes it.</summary>
internal readonly struct DeviceAddress
{
    private const ushort AttributePeer = 1; // IFA_ADDRESS: the other end's of a point-to-point link, else the address itself
    private const ushort AttributeLocal = 2;
    private const ushort AttributeBroadcast = 4;
    private const ushort AttributeFlags = 8;
    private const uint Permanent = 0x80; // IFA_F_PERMANENT
    private const byte GlobalScope = 0; // RT_SCOPE_UNIVERSE

    /// <summary>AF_INET or AF_INET6.</summary>
    public required byte Family { get; init; }

    /// <summary>Length of the network's prefix in bits.</summary>
    public required byte PrefixLength { get; init; }

    private byte[]? Peer { get; init; }

    private byte[]? Local { get; init; }

    private byte[]? Broadcast { get; init; }

    /// <summary>Reads the body of a NEWADDR message; false for an address that is not permanent or not of global scope.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out DeviceAddress address)
    {
        IfAddrMsg fixedPart = MemoryMarshal.Read<IfAddrMsg>(body);
        byte[]? peer = null;
        byte[]? local = null;
        byte[]? broadcast = null;
        uint flags = fixedPart.Flags;
        ReadOnlySpan<byte> rest = body[Unsafe.SizeOf<IfAddrMsg>()..];
        while (rest.Length >= Unsafe.SizeOf<RtAttr>())
        {
            RtAttr attribute = MemoryMarshal.Read<RtAttr>(rest);
            if (attribute.Length < Unsafe.SizeOf<RtAttr>() || attribute.Length > rest.Length)
            {
                break;
            }

            ReadOnlySpan<byte> value = rest[Unsafe.SizeOf<RtAttr>()..attribute.Length];
            switch (attribute.Type)
            {
                case AttributePeer:
                    peer = value.ToArray();
                    break;
                case AttributeLocal:
                    local = value.ToArray();
                    break;
                case AttributeBroadcast:
                    broadcast = value.ToArray();
                    break;
                case AttributeFlags when value.Length >= 4:
                    flags = BinaryPrimitives.ReadUInt32LittleEndian(value); // the byte of the fixed part has no room for all
                    break;
            }

            rest = rest[Math.Min((attribute.Length + 3) & ~3, rest.Length)..];
        }

        address = new DeviceAddress
        {
            Family = fixedPart.Family,
            PrefixLength = fixedPart.PrefixLength,
            Peer = peer,
            Local = local,
            Broadcast = broadcast,
        };
        return (flags & Permanent) != 0 && fixedPart.Scope == GlobalScope;
    }

    /// <summary>Appends the attributes that give another device this address.</summary>
    public RouteMessage AppendTo(RouteMessage message)
    {
        Append(message, AttributeLocal, Local);
        Append(message, AttributePeer, Peer);
        Append(message, AttributeBroadcast, Broadcast);
        return message;
    }

    private static void Append(RouteMessage message, ushort type, byte[]? value)
    {
        if (value is not null)
        {
            _ = message.Attribute(type, value);
        }
    }
}
