using System;
using System.Text;

namespace Anocir.Runtime.Cgroups;

/// <summary>Finds cgroup mounts in the content of /proc/self/mountinfo (proc_pid_mountinfo(5)).</summary>
internal sealed class CgroupMountTable
{
    private readonly byte[] _content;

    public CgroupMountTable(byte[] content) => _content = content;

    /// <summary>
    /// The mount of the hierarchy with these controllers (<c>cpu,cpuacct</c>, <c>name=systemd</c>, empty for v2) and the part of the
    /// hierarchy that is mounted there: the top one at <paramref name="place"/>, which others below may be covered by, else the first.
    /// </summary>
    public bool Find(string controllers, string? place, out string mountPoint, out string root)
    {
        mountPoint = root = "";
        int comma = controllers.IndexOf(',', StringComparison.Ordinal);
        byte[] controller = Encoding.UTF8.GetBytes(comma < 0 ? controllers : controllers[..comma]);
        ReadOnlySpan<byte> rest = _content;
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            int dash = line.IndexOf(" - cgroup"u8);
            if (dash < 0)
            {
                continue;
            }

            ReadOnlySpan<byte> tail = line[(dash + " - cgroup"u8.Length)..];
            bool matches = controller.Length == 0 ? tail.StartsWith("2 "u8) : tail.StartsWith(" "u8) && HasOption(tail, controller);
            if (matches)
            {
                string at = Unescape(Field(line, 4));
                if (mountPoint.Length == 0 || at == place)
                {
                    (mountPoint, root) = (at, CgroupPath.Clean(Unescape(Field(line, 3))));
                }
            }
        }

        return mountPoint.Length != 0;
    }

    /// <summary>The options of the cgroup v2 super block, but for ro and rw: <c>nsdelegate,memory_recursiveprot</c>; empty when it is not mounted.</summary>
    public string UnifiedOptions()
    {
        foreach (string line in Encoding.UTF8.GetString(_content).Split('\n'))
        {
            if (line.Contains(" - cgroup2 ", StringComparison.Ordinal))
            {
                string[] options = line[(line.LastIndexOf(' ') + 1)..].Split(',');
                return string.Join(',', Array.FindAll(options, static option => option is not ("rw" or "ro")));
            }
        }

        return "";
    }

    /// <summary>Whether the comma-separated last field (the super block's options) holds the controller.</summary>
    private static bool HasOption(ReadOnlySpan<byte> tail, ReadOnlySpan<byte> controller)
    {
        ReadOnlySpan<byte> options = tail[(tail.LastIndexOf((byte)' ') + 1)..];
        foreach (Range range in options.Split((byte)','))
        {
            if (options[range].SequenceEqual(controller))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A field of a line by its number, from 0.</summary>
    internal static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> line, int index)
    {
        for (; index > 0; index--)
        {
            line = line[(line.IndexOf((byte)' ') + 1)..];
        }

        int end = line.IndexOf((byte)' ');
        return end < 0 ? line : line[..end];
    }

    /// <summary>The kernel writes space, tab, newline and backslash as three octal digits.</summary>
    internal static string Unescape(ReadOnlySpan<byte> text)
    {
        if (!text.Contains((byte)'\\'))
        {
            return Encoding.UTF8.GetString(text);
        }

        byte[] result = new byte[text.Length];
        int length = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length)
            {
                result[length++] = (byte)(((text[i + 1] - '0') << 6) | ((text[i + 2] - '0') << 3) | (text[i + 3] - '0'));
                i += 3;
            }
            else
            {
                result[length++] = text[i];
            }
        }

        return Encoding.UTF8.GetString(result, 0, length);
    }
}
