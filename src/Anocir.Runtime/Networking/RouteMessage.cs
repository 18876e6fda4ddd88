using System;
using System.Buffers.Binary;
using System.Text;

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
    private const int HeaderSize = 16;

    private readonly byte[] _bytes = new byte[512];
    private int _length = HeaderSize;

    public RouteMessage(ushort type, ushort flags)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_bytes.AsSpan(4), type);
        BinaryPrimitives.WriteUInt16LittleEndian(_bytes.AsSpan(6), (ushort)(flags | Request));
    }

    /// <summary>struct ifinfomsg: the device, and which of its IFF_ flags to change to what.</summary>
    public RouteMessage Link(int index, uint flags = 0, uint change = 0)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(_length + 4), index);
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(_length + 8), flags);
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(_length + 12), change);
        _length += 16;
        return this;
    }

    /// <summary>struct ifaddrmsg of an address with global scope.</summary>
    public RouteMessage Address(byte family, byte prefixLength, int index)
    {
        _bytes[_length] = family;
        _bytes[_length + 1] = prefixLength;
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(_length + 4), index);
        _length += 8;
        return this;
    }

    /// <summary>Appends an attribute (struct rtattr), padded to four bytes.</summary>
    public RouteMessage Attribute(ushort type, ReadOnlySpan<byte> value)
    {
        const int AttributeHeader = 4;
        BinaryPrimitives.WriteUInt16LittleEndian(_bytes.AsSpan(_length), (ushort)(AttributeHeader + value.Length));
        BinaryPrimitives.WriteUInt16LittleEndian(_bytes.AsSpan(_length + 2), type);
        value.CopyTo(_bytes.AsSpan(_length + AttributeHeader));
        _length += (AttributeHeader + value.Length + 3) & ~3;
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
        BinaryPrimitives.WriteInt32LittleEndian(_bytes, _length);
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(8), sequence);
        return _bytes.AsSpan(0, _length);
    }
}
