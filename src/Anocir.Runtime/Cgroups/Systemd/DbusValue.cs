using System;

namespace Anocir.Runtime.Cgroups.Systemd;

/// <summary>A value of the D-Bus type system, with its signature (D-Bus specification, "Type System").</summary>
public sealed class DbusValue
{
    private DbusValue(string signature, ulong number, string text, DbusValue[] items)
    {
        Signature = signature;
        Number = number;
        Text = text;
        Items = items;
    }

    /// <summary>Its single complete type: <c>s</c>, <c>u</c>, <c>a(ss)</c>.</summary>
    public string Signature { get; }

    /// <summary>The value of a number or boolean (1 = true), as 64 bits; signed ones are sign-extended, a double is its bit pattern.</summary>
    public ulong Number { get; }

    /// <summary>The value of a string, object path or signature; else empty.</summary>
    public string Text { get; }

    /// <summary>The elements of an array, members of a struct or dictionary entry, or the one value in a variant; else empty.</summary>
    public DbusValue[] Items { get; }

    /// <summary>A boolean.</summary>
    public static DbusValue Boolean(bool value) => new("b", value ? 1u : 0u, "", []);

    /// <summary>An unsigned 32-bit number.</summary>
    public static DbusValue UInt32(uint value) => new("u", value, "", []);

    /// <summary>An unsigned 64-bit number.</summary>
    public static DbusValue UInt64(ulong value) => new("t", value, "", []);

    /// <summary>A number of any numeric type (<c>y b n q i u x t d h</c>).</summary>
    public static DbusValue OfNumber(char type, ulong value) => new(type.ToString(), value, "", []);

    /// <summary>A string.</summary>
    public static DbusValue String(string value) => new("s", 0, value, []);

    /// <summary>A string, object path or signature (<c>s o g</c>).</summary>
    public static DbusValue OfText(char type, string value) => new(type.ToString(), 0, value, []);

    /// <summary>An array; all items have the type <paramref name="element"/>.</summary>
    public static DbusValue Array(string element, params DbusValue[] items) => new("a" + element, 0, "", items);

    /// <summary>Bytes.</summary>
    public static DbusValue Bytes(ReadOnlySpan<byte> bytes)
    {
        var items = new DbusValue[bytes.Length];
        for (int i = 0; i < items.Length; i++)
        {
            items[i] = OfNumber('y', bytes[i]);
        }

        return Array("y", items);
    }

    /// <summary>Strings.</summary>
    public static DbusValue Strings(params string[] values) => Array("s", System.Array.ConvertAll(values, String));

    /// <summary>A struct.</summary>
    public static DbusValue Struct(params DbusValue[] members) => new("(" + SignatureOf(members) + ")", 0, "", members);

    /// <summary>A dictionary entry, which only arrays hold.</summary>
    public static DbusValue Entry(DbusValue key, DbusValue value) => new("{" + key.Signature + value.Signature + "}", 0, "", [key, value]);

    /// <summary>A variant.</summary>
    public static DbusValue Variant(DbusValue value) => new("v", 0, "", [value]);

    /// <summary>The signatures of values one after the other.</summary>
    public static string SignatureOf(ReadOnlySpan<DbusValue> values)
    {
        string result = "";
        foreach (DbusValue value in values)
        {
            result += value.Signature;
        }

        return result;
    }
}
