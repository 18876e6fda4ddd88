using System;
using System.Buffers.Text;
using Anocir.Linux;

namespace Anocir.Runtime.Lifecycle;

/// <summary>Numbers that depend on the running kernel.</summary>
internal static class KernelLimits
{
    /// <summary>Highest capability number (/proc/sys/kernel/cap_last_cap).</summary>
    public static int LastCapability()
    {
        const int Fallback = 40; // CAP_CHECKPOINT_RESTORE, Linux 5.9
        SysResult opened = Sys.Open("/proc/sys/kernel/cap_last_cap", O.RDONLY | O.CLOEXEC);
        if (opened.IsError)
        {
            return Fallback;
        }

        using var file = new Fd(opened.Int);
        Span<byte> text = stackalloc byte[16];
        SysResult read = Sys.Read(file.Number, text);
        return !read.IsError && Utf8Parser.TryParse(text[..read.Int], out int last, out _) && last is > 0 and < 64 ? last : Fallback;
    }
}
