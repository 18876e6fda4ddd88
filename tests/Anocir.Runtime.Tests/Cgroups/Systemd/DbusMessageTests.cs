using System;
using Anocir.Runtime.Cgroups.Systemd;
using CsCheck;
using Xunit;

namespace Anocir.Runtime.Tests.Cgroups.Systemd;

public sealed class DbusMessageTests
{
    // The first call on every bus, byte by byte as the specification's tables have it.
    private static readonly byte[] s_hello = Convert.FromHexString(
        "6c01000100000000010000006d000000" // little-endian, call, no flags, version 1; no body; serial 1; 109 bytes of fields
        + "01016f00150000002f6f72672f667265656465736b746f702f4442757300" + "0000" // path, o, 21 bytes; to a multiple of 8
        + "02017300140000006f72672e667265656465736b746f702e4442757300" + "000000" // interface
        + "030173000500000048656c6c6f00" + "0000" // member
        + "06017300140000006f72672e667265656465736b746f702e4442757300" + "000000"); // destination

    [Fact]
    public void A_call_has_the_bytes_of_the_specification()
    {
        var hello = new DbusMessage
        {
            Type = DbusMessageType.Call,
            Serial = 1,
            Path = "/org/freedesktop/DBus",
            Interface = "org.freedesktop.DBus",
            Member = "Hello",
            Destination = "org.freedesktop.DBus",
        };

        // The array of fields is closed after the last field; only then comes the padding in front of the body.
        Assert.Equal(Convert.ToHexString(s_hello), Convert.ToHexString(hello.Marshal()));
        Assert.Equal(s_hello.Length, DbusMessage.LengthOf(s_hello));
        Assert.Equal("Hello", DbusMessage.Parse(s_hello).Member);
    }

    [Theory]
    [InlineData(0x07ffffff, 0x07ffffff)]
    [InlineData(0xffffffff, 0)]
    [InlineData(0x00080000, 0x00080001)]
    public void A_message_that_claims_to_be_huge_is_refused_before_memory_is_taken(uint body, uint fields)
    {
        byte[] start = [.. s_hello[..DbusMessage.FixedLength]];
        BitConverter.TryWriteBytes(start.AsSpan(4), body);
        BitConverter.TryWriteBytes(start.AsSpan(12), fields);

        Assert.Equal("a message that is too long", Assert.Throws<DbusProtocolException>(() => DbusMessage.LengthOf(start)).Message);
    }

    [Fact]
    public void Every_type_is_read_as_it_was_written()
    {
        DbusValue[] body =
        [
            DbusValue.OfNumber('y', 200), DbusValue.Boolean(true), DbusValue.OfNumber('n', unchecked((ulong)-3)), DbusValue.OfNumber('q', 40_000),
            DbusValue.OfNumber('i', unchecked((ulong)-70_000)), DbusValue.UInt32(uint.MaxValue), DbusValue.OfNumber('x', unchecked((ulong)-1)),
            DbusValue.UInt64(ulong.MaxValue), DbusValue.OfNumber('d', BitConverter.DoubleToUInt64Bits(0.5)), DbusValue.String("schön"),
            DbusValue.OfText('o', "/a"), DbusValue.OfText('g', "a(ss)"), DbusValue.Bytes([1, 2]), DbusValue.Strings("a", ""), DbusValue.Array("(sv)"),
            DbusValue.Struct(DbusValue.String("n"), DbusValue.Variant(DbusValue.Array("t", DbusValue.UInt64(1)))),
            DbusValue.Array("{sv}", DbusValue.Entry(DbusValue.String("k"), DbusValue.Variant(DbusValue.Boolean(false)))),
        ];
        var sent = new DbusMessage { Type = DbusMessageType.Reply, Serial = 7, ReplySerial = 3, ErrorName = "a.B", Body = body };

        var got = DbusMessage.Parse(sent.Marshal());

        Assert.Equal((7u, 3u, "a.B"), (got.Serial, got.ReplySerial, got.ErrorName));
        Assert.Equivalent(body, got.Body, strict: true);
    }

    [Fact]
    public void A_big_endian_message_is_read()
    {
        byte[] message = Convert.FromHexString(
            "42020001" + "00000008" + "00000001" + "0000000f" + "0501750000000002" + "0801670001730000" + "0000000361626300");
        var got = DbusMessage.Parse(message);
        Assert.Equal((2u, "abc"), (got.ReplySerial, got.FirstText));
    }

    [Theory]
    [InlineData("s", 1)]
    [InlineData("a(sv)s", 5)]
    [InlineData("a{s(iu)}", 8)]
    [InlineData("", -1)]
    [InlineData("a", -1)]
    [InlineData("(s", -1)]
    [InlineData("a()", -1)]
    [InlineData(")", -1)]
    [InlineData("z", -1)]
    public void A_signature_ends_where_its_first_type_does(string signature, int length) => Assert.Equal(length, DbusType.Length(signature));

    [Fact]
    public void Damage_is_an_error_of_the_protocol_and_nothing_else()
    {
        byte[] whole = new DbusMessage
        {
            Type = DbusMessageType.Signal,
            Serial = 9,
            Path = "/a",
            Interface = "a.B",
            Member = "C",
            Body = [DbusValue.UInt32(1), DbusValue.String("text"), DbusValue.Array("(sv)", DbusValue.Struct(DbusValue.String("n"), DbusValue.Variant(DbusValue.Bytes([1]))))],
        }.Marshal().ToArray();
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte).Array[1, 4].Sample(changes =>
        {
            byte[] damaged = [.. whole];
            foreach ((int at, byte value) in changes)
            {
                damaged[at] = value;
            }

            try
            {
                if (DbusMessage.LengthOf(damaged) == damaged.Length)
                {
                    _ = DbusMessage.Parse(damaged).Body.Length;
                }
            }
            catch (DbusProtocolException)
            {
            }
        });
    }
}
