using System;
using System.Buffers.Text;
using Anocir.Linux;
using Anocir.Runtime.Errors;

namespace Anocir.Runtime.Lifecycle;

/// <summary>--pid-file: the PID in decimal without a newline (containerd reads it with strconv.Atoi), whole or not at all.</summary>
internal static class PidFile
{
    /// <summary>Writes a temporary file beside it and renames.</summary>
    public static void Write(string path, int pid)
    {
        int slash = path.LastIndexOf('/');
        string temporary = path[..(slash + 1)] + "." + path[(slash + 1)..];
        Span<byte> text = stackalloc byte[16];
        _ = Utf8Formatter.TryFormat(pid, text, out int length);
        SysResult result = Sys.Open(temporary, O.WRONLY | O.CREAT | O.EXCL | O.SYNC | O.CLOEXEC, 0x1b6);
        if (!result.IsError)
        {
            using (var file = new Fd(result.Int))
            {
                result = Sys.WriteAll(file.Number, text[..length]);
            }

            if (!result.IsError)
            {
                result = Sys.RenameAt(At.FDCWD, temporary, At.FDCWD, path);
            }

            if (result.IsError)
            {
                _ = Sys.UnlinkAt(At.FDCWD, temporary);
            }
        }

        if (result.IsError)
        {
            throw ContainerException.System("write", path, result.Errno, "option --pid-file");
        }
    }

    /// <summary>Takes back what <see cref="Write"/> wrote, for a program that does not run; nothing without a path.</summary>
    public static void Remove(string? path)
    {
        if (path is not null)
        {
            _ = Sys.UnlinkAt(At.FDCWD, path);
        }
    }
}
