using System;
using System.Buffers;
using System.Text;

namespace Anocir.Runtime.Criu;

/// <summary>
/// Writes messages in the wire format of Protocol Buffers (https://protobuf.dev/programming-guides/encoding/), as far as CRIU's requests need it:
/// varints and length-delimited fields. A library for the whole format would want code generated from a file of CRIU's.
/// </summary>
internal sealed class ProtobufWriter
{
    private const uint Varint = 0;
    private const uint Delimited = 2;

    private readonly ArrayBufferWriter<byte> _buffer = new(512);

    /// <summary>The message so far.</summary>
    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    /// <summary>An integer or an enum; negative ones take ten bytes, as the format wants it for int32.</summary>
    public void Number(uint field, long value)
    {
        Raw((field << 3) | Varint);
        Raw((ulong)value);
    }

    /// <summary>A bool that is true; false is what a missing one means.</summary>
    public void Flag(uint field, bool value)
    {
        if (value)
        {
            Number(field, 1);
        }
    }

    /// <summary>A string; null is a missing one.</summary>
    public void Text(uint field, string? value)
    {
        if (value is not null)
        {
            Bytes(field, Encoding.UTF8.GetBytes(value));
        }
    }

    /// <summary>A message in this one.</summary>
    public void Message(uint field, ProtobufWriter message) => Bytes(field, message.Written);

    /// <summary>A message of two strings, in its fields 1 and 2.</summary>
    public void Pair(uint field, string first, string second)
    {
        var pair = new ProtobufWriter();
        pair.Text(1, first);
        pair.Text(2, second);
        Message(field, pair);
    }

    private void Bytes(uint field, ReadOnlySpan<byte> value)
    {
        Raw((field << 3) | Delimited);
        Raw((ulong)value.Length);
        _buffer.Write(value);
    }

    private void Raw(ulong value)
    {
        const int MaxLength = 10;
        Span<byte> bytes = _buffer.GetSpan(MaxLength);
        int length = 0;
        for (; value >= 0x80; value >>= 7)
        {
            bytes[length++] = (byte)(value | 0x80);
        }

        bytes[length++] = (byte)value;
        _buffer.Advance(length);
    }
}
