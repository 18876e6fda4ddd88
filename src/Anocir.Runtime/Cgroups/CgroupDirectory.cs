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
                at += BinaryPrimitives.ReadUInt16LittleEndian(entry[Dirent64.LengthOffset..]);
                ReadOnlySpan<byte> name = entry[Dirent64.NameOffset..];
                name = name[..name.IndexOf((byte)0)];
                if (entry[Dirent64.TypeOffset] == Dirent64.DirectoryType && !name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
                {
                    names.Add(Encoding.UTF8.GetString(name));
                }
            }
        }
    }
}
