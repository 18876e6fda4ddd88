using System;
using System.Globalization;
using System.Text;

namespace Anocir.Runtime.Cgroups.Systemd;

/// <summary>Where to connect to.</summary>
/// <param name="Path">The path of the socket, or its abstract name.</param>
/// <param name="IsAbstract">Whether it is in the abstract namespace.</param>
/// <param name="IsBus">Whether a bus is there; else a peer that is spoken to directly.</param>
internal readonly record struct DbusAddress(string Path, bool IsAbstract = false, bool IsBus = true)
{
    /// <summary>
    /// The first Unix socket in an address list (<c>unix:path=/run/bus,guid=1;tcp:…</c>); null when it has none. The percent sign escapes a byte in hexadecimal.
    /// </summary>
    public static DbusAddress? Parse(string list)
    {
        foreach (Range one in list.AsSpan().Split(';'))
        {
            ReadOnlySpan<char> address = list.AsSpan(one);
            if (!address.StartsWith("unix:"))
            {
                continue;
            }

            address = address["unix:".Length..];
            foreach (Range pair in address.Split(','))
            {
                ReadOnlySpan<char> option = address[pair];
                if (option.StartsWith("path="))
                {
                    return new DbusAddress(Unescape(option["path=".Length..]));
                }

                if (option.StartsWith("abstract="))
                {
                    return new DbusAddress(Unescape(option["abstract=".Length..]), IsAbstract: true);
                }
            }
        }

        return null;
    }

    /// <summary>As messages show it.</summary>
    public override string ToString() => IsAbstract ? "@" + Path : Path;

    private static string Unescape(ReadOnlySpan<char> text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text.ToString());
        int count = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == '%' && i + 2 < bytes.Length && byte.TryParse(bytes.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, null, out byte value))
            {
                bytes[count++] = value;
                i += 2;
            }
            else
            {
                bytes[count++] = bytes[i];
            }
        }

        return Encoding.UTF8.GetString(bytes, 0, count);
    }
}
