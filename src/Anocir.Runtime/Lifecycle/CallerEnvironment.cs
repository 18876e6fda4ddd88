using System;
using System.Collections.Generic;
using System.Text;
using Anocir.Linux;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>The environment this process was started with, as the kernel keeps it: nothing here changes it.</summary>
internal static class CallerEnvironment
{
    /// <summary>All entries, <c>NAME=value</c>.</summary>
    public static string[] Read() => Split(ReadText());

    /// <summary>All entries in UTF-8, each with NUL at its end.</summary>
    public static byte[] ReadText()
    {
        SysResult opened = Sys.Open("/proc/self/environ", O.RDONLY | O.CLOEXEC);
        if (opened.IsError)
        {
            return [];
        }

        using var file = new Fd(opened.Int);
        return SmallFile.Read(file.Number, out byte[] text).IsError || text.Length == 0 || text[^1] != 0 ? [] : text;
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
