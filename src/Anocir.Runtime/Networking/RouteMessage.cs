using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Anocir.Linux;

namespace Anocir.Runtime.Networking;

/// <summary>A request to the kernel's rtnetlink(7) under construction: header, fixed part, attributes.</summary>
internal sealed class RouteMessage
{
    public const ushort NewLink = 16;
    public const ushort GetLink = 18;
    public const ushort NewAddress = 20;
    public const ushort GetAddress = 22;

    public const ushort Acknowledge = 4; // NLM_F_ACK
    public const ushort Dump = 0x300;
    public const ushort CreateNew = 0x600; // NLM_F_CREATE | NLM_F_EXCL

    private const ushort Request = 1;
    private readonly NlMsgHdr _header;
    private readonly byte[] _bytes = new byte[512];
    private int _length = Unsafe.SizeOf<NlMsgHdr>();

    public RouteMessage(ushort type, ushort flags) => _header = new NlMsgHdr { Type = type, Flags = (ushort)(flags | Request) };

    /// <summary>The device, and which of its IFF_ flags to change to what.</summary>
    public RouteMessage Link(int index, uint flags = 0, uint change = 0) => Append(new IfInfoMsg { Index = index, Flags = flags, Change = change });

    /// <summary>An address with global scope.</summary>
    public RouteMessage Address(byte family, byte prefixLength, int index) =>
        Append(new IfAddrMsg { Family = family, PrefixLength = prefixLength, Index = index });

    /// <summary>Appends an attribute, padded to four bytes.</summary>
    public RouteMessage Attribute(ushort type, ReadOnlySpan<byte> value)
    {
        _ = Append(new RtAttr { Length = (ushort)(Unsafe.SizeOf<RtAttr>() + value.Length), Type = type });
        value.CopyTo(_bytes.AsSpan(_length));
        _length += (value.Length + 3) & ~3;
        return this;
    }

    /// <summary>Appends a number.</summary>
    public RouteMessage Attribute(ushort type, int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return Attribute(type, bytes);
    }

    /// <summary>Appends a NUL-terminated string.</summary>
    public RouteMessage Attribute(ushort type, string value) => Attribute(type, Encoding.UTF8.GetBytes(value + "\0"));

    /// <summary>The message, with its length and number filled in.</summary>
    public ReadOnlySpan<byte> Finish(uint sequence)
    {
        MemoryMarshal.Write(_bytes, _header with { Length = _length, Sequence = sequence });
        return _bytes.AsSpan(0, _length);
    }

    private RouteMessage Append<T>(in T part)
        where T : unmanaged
    {
        MemoryMarshal.Write(_bytes.AsSpan(_length), in part);
        _length += Unsafe.SizeOf<T>();
        return this;
    }
}
