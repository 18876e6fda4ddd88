using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;

namespace Anocir.Runtime.Cgroups.Systemd;

/// <summary>Reads marshalled values. What does not fit is a <see cref="DbusProtocolException"/>: nothing of the peer is believed.</summary>
internal ref struct DbusReader(ReadOnlySpan<byte> message, int position, bool bigEndian)
{
    private readonly ReadOnlySpan<byte> _message = message;
    private readonly bool _bigEndian = bigEndian;

    /// <summary>Offset of the next byte, from the start of the message.</summary>
    public int Position { get; private set; } = position;

    /// <summary>The values of a signature.</summary>
    public DbusValue[] Values(ReadOnlySpan<char> signature)
    {
        List<DbusValue> values = [];
        while (!signature.IsEmpty)
        {
            int length = DbusType.Length(signature);
            values.Add(Value(length < 0 ? throw new DbusProtocolException("a bad signature") : signature[..length], 0));
            signature = signature[length..];
        }

        return [.. values];
    }

    private DbusValue Value(ReadOnlySpan<char> type, int depth)
    {
        const int MaxDepth = 64; // of the specification: 32 arrays and 32 structs
        if (depth > MaxDepth)
        {
            throw new DbusProtocolException("a value that is nested too deeply");
        }

        Align(DbusType.Alignment(type[0]));
        switch (type[0])
        {
            case 's' or 'o':
                return DbusValue.OfText(type[0], Text((int)UInt32()));
            case 'g':
                return DbusValue.OfText('g', Text(Take(1)[0]));
            case 'v':
                string inner = Text(Take(1)[0]);
                return DbusType.Length(inner) == inner.Length && inner.Length > 0
                    ? DbusValue.Variant(Value(inner, depth + 1))
                    : throw new DbusProtocolException("a variant with a bad signature");
            case 'a':
                return Array(type[1..], depth);
            case '(' or '{':
                return Members(type, depth);
            default:
                return DbusValue.OfNumber(type[0], Number(type[0]));
        }
    }

    private DbusValue Array(ReadOnlySpan<char> element, int depth)
    {
        int length = (int)UInt32();
        Align(DbusType.Alignment(element[0]));
        int end = length >= 0 && length <= _message.Length - Position
            ? Position + length
            : throw new DbusProtocolException("an array that is longer than its message");
        List<DbusValue> items = [];
        while (Position < end)
        {
            items.Add(Value(element, depth + 1));
        }

        return Position == end ? DbusValue.Array(element.ToString(), [.. items]) : throw new DbusProtocolException("an array of a wrong length");
    }

    private DbusValue Members(ReadOnlySpan<char> type, int depth)
    {
        List<DbusValue> members = [];
        ReadOnlySpan<char> rest = type[1..^1];
        while (!rest.IsEmpty)
        {
            int length = DbusType.Length(rest);
            members.Add(Value(rest[..length], depth + 1));
            rest = rest[length..];
        }

        return type[0] == '(' ? DbusValue.Struct([.. members])
            : members.Count == 2 ? DbusValue.Entry(members[0], members[1])
            : throw new DbusProtocolException("a dictionary entry without key and value");
    }

    private uint UInt32()
    {
        ReadOnlySpan<byte> bytes = Take(sizeof(uint));
        return _bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    private ulong Number(char type)
    {
        int size = DbusType.SizeOfNumber(type);
        ReadOnlySpan<byte> bytes = Take(size);
        ulong value = 0;
        for (int i = 0; i < size; i++)
        {
            value |= (ulong)bytes[_bigEndian ? size - 1 - i : i] << (8 * i);
        }

        int unused = 64 - (8 * size);
        return type is 'n' or 'i' ? (ulong)((long)(value << unused) >> unused) : value;
    }

    private string Text(int length)
    {
        if (length < 0 || length >= _message.Length - Position)
        {
            throw new DbusProtocolException("a string that is longer than its message");
        }

        return Encoding.UTF8.GetString(Take(length + 1)[..^1]);
    }

    private void Align(int alignment)
    {
        int aligned = (Position + alignment - 1) & -alignment;
        _ = Take(aligned - Position);
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _message.Length - Position)
        {
            throw new DbusProtocolException("a message that ends too early");
        }

        ReadOnlySpan<byte> taken = _message.Slice(Position, count);
        Position += count;
        return taken;
    }
}

/// <summary>The peer sent what is no D-Bus.</summary>
internal sealed class DbusProtocolException(string what) : Exception(what);
