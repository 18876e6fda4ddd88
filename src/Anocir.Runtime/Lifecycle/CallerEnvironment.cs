using System;
using System.Collections.Generic;
using System.Text;
using Anocir.Linux;

namespace Anocir.Runtime.Lifecycle;

/// <summary>The environment this process was started with, as the kernel keeps it: nothing here changes it.</summary>
internal static class CallerEnvironment
{
    /// <summary>All entries, <c>NAME=value</c>.</summary>
    public static string[] Read()
    {
        SysResult opened = Sys.Open("/proc/self/environ", O.RDONLY | O.CLOEXEC);
        if (opened.IsError)
        {
            return [];
        }

        using var file = new Fd(opened.Int);
        byte[] buffer = new byte[4096];
        int length = 0;
        while (true)
        {
            SysResult read = Sys.Read(file.Number, buffer.AsSpan(length));
            if (read.IsError || read.Int == 0)
            {
                return Split(buffer.AsSpan(0, length));
            }

            length += read.Int;
            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, length * 2);
            }
        }
    }

    private static string[] Split(ReadOnlySpan<byte> text)
    {
        var entries = new List<string>();
        while (!text.IsEmpty)
        {
            int end = text.IndexOf((byte)0);
            entries.Add(Encoding.UTF8.GetString(end < 0 ? text : text[..end]));
            text = end < 0 ? default : text[(end + 1)..];
        }

        return [.. entries];
    }
}
