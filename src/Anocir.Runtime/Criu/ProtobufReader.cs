using System;

namespace Anocir.Runtime.Criu;

/// <summary>Reads the fields of a message in the wire format of Protocol Buffers, in their order.</summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;

    /// <summary>Number of the field that was read.</summary>
    public uint Field { get; private set; }

    /// <summary>Its value when it is a number, else 0.</summary>
    public ulong Number { get; private set; }

    /// <summary>Its bytes when it is a string or a message, else empty.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Whether the message ended where a field should have gone on, or has a group, which CRIU never sends.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>Moves to the next field; false at the end and where the message is damaged.</summary>
    public bool Next()
    {
        const int Varint = 0, Fixed64 = 1, Delimited = 2, Fixed32 = 5;
        Number = 0;
        Bytes = default;
        if (_rest.IsEmpty || IsDamaged || !TryVarint(out ulong tag))
        {
            return false;
        }

        Field = (uint)(tag >> 3);
        ulong length;
        switch ((int)(tag & 7))
        {
            case Varint:
                bool read = TryVarint(out ulong number);
                Number = number;
                return read;
            case Delimited when TryVarint(out length):
                return TryTake(length);
            case Fixed64:
                return TryTake(8);
            case Fixed32:
                return TryTake(4);
            default:
                IsDamaged = true;
                return false;
        }
    }

    private bool TryTake(ulong length)
    {
        if (length > (ulong)_rest.Length)
        {
            IsDamaged = true;
            return false;
        }

        Bytes = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return true;
    }

    private bool TryVarint(out ulong value)
    {
        const int MaxLength = 10;
        value = 0;
        for (int i = 0; i < Math.Min(MaxLength, _rest.Length); i++)
        {
            value |= (ulong)(_rest[i] & 0x7f) << (7 * i);
            if (_rest[i] < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return true;
            }
        }

        IsDamaged = true;
        return false;
    }
}
