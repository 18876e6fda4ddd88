using System;
using System.Buffers.Binary;
using System.Text;

namespace Anocir.Runtime.Cgroups.Systemd;

/// <summary>Marshals values, little-endian, aligned from the start of the message.</summary>
internal sealed class DbusWriter
{
    private byte[] _buffer = new byte[1024];

    /// <summary>Bytes so far.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes so far; valid until the next write.</summary>
    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, Length);

    /// <summary>Zeros up to a multiple of the alignment.</summary>
    public void Align(int alignment)
    {
        int aligned = (Length + alignment - 1) & -alignment;
        Reserve(aligned - Length).Clear();
    }

    /// <summary>One byte.</summary>
    public void Byte(byte value) => Reserve(1)[0] = value;

    /// <summary>An aligned unsigned 32-bit number.</summary>
    public void UInt32(uint value)
    {
        Align(sizeof(uint));
        BinaryPrimitives.WriteUInt32LittleEndian(Reserve(sizeof(uint)), value);
    }

    /// <summary>Overwrites a number written before.</summary>
    public void SetUInt32(int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(_buffer.AsSpan(offset), value);

    /// <summary>A value, with its alignment; its signature is not written, except in a variant.</summary>
    public void Value(DbusValue value)
    {
        char type = value.Signature[0];
        Align(DbusType.Alignment(type));
        switch (type)
        {
            case 's' or 'o':
                UInt32((uint)Encoding.UTF8.GetByteCount(value.Text));
                Text(value.Text);
                break;
            case 'g':
                Signature(value.Text);
                break;
            case 'v':
                Signature(value.Items[0].Signature);
                Value(value.Items[0]);
                break;
            case 'a':
                Array(value);
                break;
            case '(' or '{':
                foreach (DbusValue member in value.Items)
                {
                    Value(member);
                }

                break;
            default:
                Span<byte> number = stackalloc byte[sizeof(ulong)];
                BinaryPrimitives.WriteUInt64LittleEndian(number, value.Number);
                int size = DbusType.SizeOfNumber(type);
                number[..size].CopyTo(Reserve(size));
                break;
        }
    }

    /// <summary>A signature: one byte of length, no alignment.</summary>
    public void Signature(string text)
    {
        Byte((byte)text.Length);
        Text(text);
    }

    private void Array(DbusValue array)
    {
        UInt32(0);
        int lengthAt = Length - sizeof(uint);
        Align(DbusType.Alignment(array.Signature[1])); // not counted in the length, and there even when the array is empty
        int start = Length;
        foreach (DbusValue item in array.Items)
        {
            Value(item);
        }

        SetUInt32(lengthAt, (uint)(Length - start));
    }

    private void Text(string text)
    {
        int count = Encoding.UTF8.GetByteCount(text);
        Span<byte> room = Reserve(count + 1);
        _ = Encoding.UTF8.GetBytes(text, room);
        room[count] = 0;
    }

    private Span<byte> Reserve(int count)
    {
        if (Length + count > _buffer.Length)
        {
            System.Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, Length + count));
        }

        Span<byte> room = _buffer.AsSpan(Length, count);
        Length += count;
        return room;
    }
}
