using System;
using System.Buffers.Binary;

namespace Anocir.Runtime.Cgroups.Systemd;

/// <summary>Kinds of message.</summary>
internal enum DbusMessageType
{
    Call = 1,
    Reply = 2,
    Error = 3,
    Signal = 4,
}

/// <summary>One message: header and body (D-Bus specification, "Message Format").</summary>
internal sealed class DbusMessage
{
    /// <summary>Bytes of the header's fixed part, with the length of the array of fields.</summary>
    public const int FixedLength = 16;

    private const int MaxLength = 1 << 20; // the specification allows 128 MiB, nothing that is asked for here needs as much
    private const int FieldPath = 1, FieldInterface = 2, FieldMember = 3, FieldErrorName = 4, FieldReplySerial = 5, FieldDestination = 6, FieldSignature = 8;

    public required DbusMessageType Type { get; init; }

    public uint Serial { get; init; }

    /// <summary>The call that a reply or an error answers.</summary>
    public uint ReplySerial { get; init; }

    public string Destination { get; init; } = "";

    public string Path { get; init; } = "";

    public string Interface { get; init; } = "";

    public string Member { get; init; } = "";

    /// <summary>What kind of error: <c>org.freedesktop.systemd1.UnitExists</c>.</summary>
    public string ErrorName { get; init; } = "";

    public DbusValue[] Body { get; init; } = [];

    /// <summary>The first value of the body when it is text (an error's message), else empty.</summary>
    public string FirstText => Body is [{ Signature: "s" or "o" } first, ..] ? first.Text : "";

    /// <summary>The bytes on the wire.</summary>
    public ReadOnlySpan<byte> Marshal()
    {
        var body = new DbusWriter();
        foreach (DbusValue value in Body)
        {
            body.Value(value);
        }

        string signature = DbusValue.SignatureOf(Body);
        var header = new DbusWriter();
        header.Byte((byte)'l');
        header.Byte((byte)Type);
        header.Byte(0);
        header.Byte(1); // version of the protocol
        header.UInt32((uint)body.Length);
        header.UInt32(Serial);
        DbusValue[] fields =
        [
            .. Field(FieldPath, 'o', Path), .. Field(FieldInterface, 's', Interface), .. Field(FieldMember, 's', Member),
            .. Field(FieldErrorName, 's', ErrorName), .. ReplySerial == 0 ? [] : Field(FieldReplySerial, DbusValue.UInt32(ReplySerial)),
            .. Field(FieldDestination, 's', Destination), .. Field(FieldSignature, 'g', signature),
        ];
        header.Value(DbusValue.Array("(yv)", fields));
        header.Align(8);
        var message = new byte[header.Length + body.Length];
        header.Bytes.CopyTo(message);
        body.Bytes.CopyTo(message.AsSpan(header.Length));
        return message;
    }

    /// <summary>Length of the whole message whose first <see cref="FixedLength"/> bytes are these.</summary>
    public static int LengthOf(ReadOnlySpan<byte> start)
    {
        bool bigEndian = IsBigEndian(start[0]);
        uint body = UInt32(start[4..], bigEndian);
        uint fields = UInt32(start[12..], bigEndian);
        return (ulong)body + fields <= MaxLength
            ? FixedLength + (int)((fields + 7) & ~7u) + (int)body
            : throw new DbusProtocolException("a message that is too long");
    }

    /// <summary>Reads a whole message.</summary>
    public static DbusMessage Parse(ReadOnlySpan<byte> bytes)
    {
        bool bigEndian = IsBigEndian(bytes[0]);
        uint bodyLength = UInt32(bytes[4..], bigEndian);
        var header = new DbusReader(bytes[..^(int)bodyLength], 12, bigEndian);
        string path = "", @interface = "", member = "", error = "", destination = "", signature = "";
        uint replySerial = 0;
        foreach (DbusValue field in header.Values("a(yv)")[0].Items)
        {
            DbusValue value = field.Items[1].Items[0];
            switch (field.Items[0].Number)
            {
                case FieldPath: path = value.Text; break;
                case FieldInterface: @interface = value.Text; break;
                case FieldMember: member = value.Text; break;
                case FieldErrorName: error = value.Text; break;
                case FieldReplySerial: replySerial = (uint)value.Number; break;
                case FieldDestination: destination = value.Text; break;
                case FieldSignature: signature = value.Text; break;
            }
        }

        // The body is aligned as a message of its own: it starts at a multiple of 8.
        var body = new DbusReader(bytes[^(int)bodyLength..], 0, bigEndian);
        return new DbusMessage
        {
            Type = (DbusMessageType)bytes[1],
            Serial = UInt32(bytes[8..], bigEndian),
            ReplySerial = replySerial,
            Path = path,
            Interface = @interface,
            Member = member,
            ErrorName = error,
            Destination = destination,
            Body = body.Values(signature),
        };
    }

    private static DbusValue[] Field(byte code, char type, string value) =>
        value.Length == 0 ? [] : Field(code, DbusValue.OfText(type, value));

    private static DbusValue[] Field(byte code, DbusValue value) => [DbusValue.Struct(DbusValue.OfNumber('y', code), DbusValue.Variant(value))];

    private static bool IsBigEndian(byte mark) => mark switch
    {
        (byte)'l' => false,
        (byte)'B' => true,
        _ => throw new DbusProtocolException("a message of an unknown byte order"),
    };

    private static uint UInt32(ReadOnlySpan<byte> bytes, bool bigEndian) =>
        bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
