using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using Anocir.Linux;
using Anocir.Runtime.Errors;

namespace Anocir.Runtime.State;

/// <summary>Names in a directory, by descriptor (getdents64(2)).</summary>
internal static class DirectoryReader
{
    /// <summary>The names from the current position of <paramref name="directory"/> on, without <c>.</c> and <c>..</c>;
    /// <paramref name="path"/> is for messages. An entry of unknown type counts as a directory.</summary>
    public static List<string> Names(int directory, string path, bool directoriesOnly = false)
    {
        List<string> names = [];
        byte[] buffer = new byte[4096];
        while (true)
        {
            SysResult result = Sys.GetDents(directory, buffer);
            if (result.Is(Errno.ENOENT))
            {
                return names; // it was removed meanwhile
            }

            if (result.IsError)
            {
                throw ContainerException.System("list", path, result.Errno);
            }

            if (result.Int == 0)
            {
                return names;
            }

            Collect(buffer.AsSpan(0, result.Int), directoriesOnly, names);
        }
    }

    private static void Collect(ReadOnlySpan<byte> records, bool directoriesOnly, List<string> names)
    {
        while (records.Length > Dirent64.NameOffset)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(records[Dirent64.LengthOffset..]);
            ReadOnlySpan<byte> name = records[Dirent64.NameOffset..length];
            name = name[..name.IndexOf((byte)0)];
            bool wanted = !directoriesOnly || records[Dirent64.TypeOffset] is Dirent64.DirectoryType or Dirent64.UnknownType;
            if (wanted && !name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
            {
                names.Add(Encoding.UTF8.GetString(name));
            }

            records = records[length..];
        }
    }
}
