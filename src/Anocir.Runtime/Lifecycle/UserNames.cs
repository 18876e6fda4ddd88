using System;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Anocir.Linux;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>Names of host users, from /etc/passwd alone: a static program cannot load NSS modules.</summary>
public static class UserNames
{
    /// <summary>The name, or <c>#UID</c> when the file has none.</summary>
    public static string Get(uint uid)
    {
        SysResult result = Sys.Open("/etc/passwd", O.RDONLY | O.CLOEXEC);
        if (!result.IsError)
        {
            using var file = new Fd(result.Int);
            if (!SmallFile.Read(file.Number, out byte[] passwd).IsError && Find(passwd, uid) is { } name)
            {
                return name;
            }
        }

        return "#" + uid.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The first user with this ID in a passwd(5) file, or null.</summary>
    public static string? Find(ReadOnlySpan<byte> passwd, uint uid)
    {
        foreach (Range range in passwd.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = passwd[range];
            int name = line.IndexOf((byte)':');
            int password = name < 0 ? -1 : line[(name + 1)..].IndexOf((byte)':');
            if (name > 0 && password >= 0
                && Utf8Parser.TryParse(line[(name + password + 2)..], out uint found, out _) && found == uid)
            {
                return Encoding.UTF8.GetString(line[..name]);
            }
        }

        return null;
    }
}
