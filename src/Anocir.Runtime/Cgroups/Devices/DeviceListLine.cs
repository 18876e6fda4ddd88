using System;
using System.Buffers.Text;
using System.Text;
using Anocir.Runtime.Errors;

namespace Anocir.Runtime.Cgroups.Devices;

/// <summary>One line of the v1 file devices.list: <c>c 136:* rwm</c>.</summary>
internal static class DeviceListLine
{
    /// <exception cref="ContainerException">The kernel printed something else.</exception>
    public static DeviceEntry Parse(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> rest = line;
        if (rest.Length > 2 && rest[0] is (byte)'b' or (byte)'c' && rest[1] == ' ')
        {
            char type = (char)rest[0];
            rest = rest[2..];
            if (Number(ref rest, (byte)':', out long major) && Number(ref rest, (byte)' ', out long minor))
            {
                return new DeviceEntry(type, major, minor, DeviceEntry.Parse(Encoding.ASCII.GetString(rest)), DeviceRuleSet.DefaultRule);
            }
        }

        throw new ContainerException($"cannot understand '{Encoding.UTF8.GetString(line)}' in devices.list of the cgroup");
    }

    private static bool Number(ref ReadOnlySpan<byte> rest, byte end, out long number)
    {
        int length = rest.IndexOf(end);
        number = DeviceEntry.Any;
        if (length <= 0)
        {
            return false;
        }

        ReadOnlySpan<byte> text = rest[..length];
        rest = rest[(length + 1)..];
        return text.SequenceEqual("*"u8) || (Utf8Parser.TryParse(text, out number, out int used) && used == length && number >= 0);
    }
}
