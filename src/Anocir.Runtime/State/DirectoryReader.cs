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
    // struct linux_dirent64: u64 d_ino, s64 d_off, u16 d_reclen, u8 d_type, char d_name[]
    private const int OffsetOfLength = 16;
    private const int OffsetOfType = 18;
    private const int OffsetOfName = 19;
    private const byte TypeUnknown = 0;
    private const byte TypeDirectory = 4;

    /// <summary>The names from the current position of <paramref name="directory"/> on, without <c>.</c> and <c>..</c>;
    /// <paramref name="path"/> is for messages. An entry of unknown type counts as a directory.</summary>
    public static List<string> Names(int directory, string path, bool directoriesOnly = false)
    {
        List<string> names = [];
        byte[] buffer = new byte[4096];
        while (true)
        {
            SysResult result = Sys.GetDents(directory, buffer);
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
        while (records.Length > OffsetOfName)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(records[OffsetOfLength..]);
            ReadOnlySpan<byte> name = records[OffsetOfName..length];
            name = name[..name.IndexOf((byte)0)];
            bool wanted = !directoriesOnly || records[OffsetOfType] is TypeDirectory or TypeUnknown;
            if (wanted && !name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
            {
                names.Add(Encoding.UTF8.GetString(name));
            }

            records = records[length..];
        }
    }
}
