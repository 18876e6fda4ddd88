using System;
using Anocir.Linux;

namespace Anocir.Runtime.State;

/// <summary>Reads files of some kilobytes (records, files of procfs and cgroupfs) from a descriptor.</summary>
internal static class SmallFile
{
    private const int FirstSize = 4096;
    private const int MaxSize = 64 << 20;

    /// <summary>Reads to the end of the file; EFBIG above 64 MiB, which no file here has.</summary>
    /// <param name="fd">The file, at its beginning.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="isRegular">Whether a read of less than was asked for is the end, as in regular files.</param>
    public static SysResult Read(int fd, out byte[] content, bool isRegular = false)
    {
        byte[] buffer = GC.AllocateUninitializedArray<byte>(FirstSize);
        int length = 0;
        content = [];
        while (true)
        {
            SysResult result = Sys.Read(fd, buffer.AsSpan(length));
            if (result.IsError)
            {
                return result;
            }

            bool isShort = length + result.Int < buffer.Length;
            length += result.Int;
            if (result.Int == 0 || (isRegular && isShort))
            {
                content = buffer.AsSpan(0, length).ToArray();
                return new SysResult(length);
            }

            if (length == buffer.Length)
            {
                if (length >= MaxSize)
                {
                    return new SysResult(-(nint)(int)Errno.EFBIG);
                }

                Array.Resize(ref buffer, length * 2);
            }
        }
    }

    /// <summary>Fills <paramref name="buffer"/> from the start of a file in one read; value = bytes read.</summary>
    public static SysResult Read(int directory, string path, Span<byte> buffer)
    {
        SysResult result = Sys.OpenAt(directory, path, O.RDONLY | O.CLOEXEC);
        if (result.IsError)
        {
            return result;
        }

        using var file = new Fd(result.Int);
        return Sys.Read(file.Number, buffer);
    }
}
