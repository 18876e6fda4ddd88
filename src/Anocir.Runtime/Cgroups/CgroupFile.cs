using System;
using Anocir.Linux;
using Anocir.Runtime.Errors;

namespace Anocir.Runtime.Cgroups;

/// <summary>Reads and writes the small files of a cgroup directory.</summary>
internal static class CgroupFile
{
    /// <summary>Reads at most <paramref name="buffer"/>'s length; value = bytes read.</summary>
    public static SysResult Read(string path, Span<byte> buffer)
    {
        SysResult opened = Sys.Open(path, O.RDONLY | O.CLOEXEC);
        if (opened.IsError)
        {
            return opened;
        }

        SysResult result = Sys.Read(opened.Int, buffer);
        _ = Sys.Close(opened.Int);
        return result;
    }

    /// <summary>Writes one value in one write(2), as the kernel's cgroup files want it.</summary>
    public static SysResult Write(string path, ReadOnlySpan<byte> value)
    {
        SysResult opened = Sys.Open(path, O.WRONLY | O.CLOEXEC);
        if (opened.IsError)
        {
            return opened;
        }

        SysResult result = Sys.Write(opened.Int, value);
        _ = Sys.Close(opened.Int);
        return result;
    }

    /// <summary>The whole file; a failure is the user's error.</summary>
    public static byte[] ReadAll(string path)
    {
        SysResult result = TryReadAll(path, out byte[] content);
        return result.IsError ? throw ContainerException.System("read", path, result.Errno) : content;
    }

    /// <summary>The whole file, or the error number of the open or read.</summary>
    public static SysResult TryReadAll(string path, out byte[] content)
    {
        content = [];
        SysResult opened = Sys.Open(path, O.RDONLY | O.CLOEXEC);
        if (opened.IsError)
        {
            return opened;
        }

        using var file = new Fd(opened.Int);
        byte[] buffer = new byte[1024];
        int length = 0;
        while (true)
        {
            SysResult read = Sys.Read(file.Number, buffer.AsSpan(length));
            if (read.IsError || read.Int == 0)
            {
                content = buffer.AsSpan(0, length).ToArray();
                return read;
            }

            length += read.Int;
            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 4);
            }
        }
    }
}
