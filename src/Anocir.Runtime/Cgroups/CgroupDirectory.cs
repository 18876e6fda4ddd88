using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using Anocir.Linux;

namespace Anocir.Runtime.Cgroups;

/// <summary>Lists the sub-cgroups of a cgroup directory.</summary>
internal static class CgroupDirectory
{
    /// <summary>Names of the directories inside; none when the directory cannot be read.</summary>
    public static List<string> Children(string directory)
    {
        // struct linux_dirent64: ino 8, off 8, reclen 2, type 1, name.
        const int LengthOffset = 16;
        const int TypeOffset = 18;
        const int NameOffset = 19;
        const byte TypeDirectory = 4;

        var names = new List<string>();
        SysResult opened = Sys.Open(directory, O.RDONLY | O.DIRECTORY | O.CLOEXEC);
        if (opened.IsError)
        {
            return names;
        }

        using var fd = new Fd(opened.Int);
        Span<byte> buffer = stackalloc byte[4096];
        while (true)
        {
            SysResult read = Sys.GetDents(fd.Number, buffer);
            if (read.IsError || read.Int == 0)
            {
                return names;
            }

            for (int at = 0; at < read.Int;)
            {
                ReadOnlySpan<byte> entry = buffer[at..read.Int];
                at += BinaryPrimitives.ReadUInt16LittleEndian(entry[LengthOffset..]);
                ReadOnlySpan<byte> name = entry[NameOffset..];
                name = name[..name.IndexOf((byte)0)];
                if (entry[TypeOffset] == TypeDirectory && !name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
                {
                    names.Add(Encoding.UTF8.GetString(name));
                }
            }
        }
    }
}
