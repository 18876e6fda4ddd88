using System;
using System.Text;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.HookPrograms;

/// <summary>The files in memory that are a hook's standard streams.</summary>
internal static class HookFile
{
    // Of what a hook prints, the beginning is enough to tell what failed.
    private const int ShownBytes = 4096;

    /// <summary>A file with this content, positioned at its start.</summary>
    public static Fd Create(string name, ReadOnlySpan<byte> content)
    {
        SysResult created = Sys.MemfdCreate(name, Memfd.CLOEXEC | Memfd.NOEXEC_SEAL);
        if (created.Is(Errno.EINVAL))
        {
            // Linux before 6.3 does not know the flag.
            created = Sys.MemfdCreate(name, Memfd.CLOEXEC);
        }

        if (created.IsError)
        {
            throw ContainerException.System("create memfd", name, created.Errno);
        }

        var fd = new Fd(created.Int);
        SysResult written = Sys.WriteAll(fd.Number, content);
        if (written.IsError || Sys.Seek(fd.Number, 0).IsError)
        {
            fd.Dispose();
            throw ContainerException.System("write memfd", name, written.Errno);
        }

        return fd;
    }

    /// <summary>What was written, on one line and cut to a bearable length.</summary>
    public static string Shown(Fd fd)
    {
        byte[] buffer = new byte[ShownBytes];
        _ = Sys.Seek(fd.Number, 0);
        int length = 0;
        while (length < buffer.Length)
        {
            SysResult read = Sys.Read(fd.Number, buffer.AsSpan(length));
            if (read.IsError || read.Int == 0)
            {
                break;
            }

            length += read.Int;
        }

        string text = Encoding.UTF8.GetString(buffer, 0, length);
        return Printable.Escape(text.TrimEnd('\n')) + (length == buffer.Length ? "…" : "");
    }
}
