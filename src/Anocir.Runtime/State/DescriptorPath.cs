using System;
using System.Globalization;
using System.Text;
using Anocir.Linux;

namespace Anocir.Runtime.State;

/// <summary>What a descriptor of this process leads to, in the kernel's words (proc_pid_fd(5)).</summary>
internal static class DescriptorPath
{
    /// <summary>A path without links, or a word such as <c>pipe:[4711]</c>; empty when it cannot be told.</summary>
    public static string Read(int fd)
    {
        const int MaxPath = 4096;
        Span<byte> text = stackalloc byte[MaxPath];
        SysResult read = Sys.ReadLinkAt(At.FDCWD, "/proc/self/fd/" + fd.ToString(CultureInfo.InvariantCulture), text);
        return read.IsError ? "" : Encoding.UTF8.GetString(text[..read.Int]);
    }
}
