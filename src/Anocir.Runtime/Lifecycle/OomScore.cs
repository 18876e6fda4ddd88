using System.Globalization;
using System.Text;
using Anocir.Linux;
using Anocir.Runtime.Logging;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>
/// process.oomScoreAdj without CAP_SYS_RESOURCE: a user may raise it, but not lower it below what a privileged process set last
/// (proc_pid_oom_score_adj(5)). The container then keeps the caller's, as with runc and crun, and the log says so.
/// </summary>
internal static class OomScore
{
    private const string File = "/proc/self/oom_score_adj";

    /// <summary>The value that can be had, or null for the caller's own.</summary>
    public static int? Choose(int? wanted, Caller caller, Logger log)
    {
        if (wanted is not { } value || !(caller.GainsRights || caller.IsInUserNamespace) || Current() is not { } current || value >= current)
        {
            return wanted;
        }

        // Nothing tells the limit; an attempt does.
        SysResult written = Write(value);
        if (!written.IsError)
        {
            _ = Write(current);
            return wanted;
        }

        log.Warn($"cannot set process.oomScoreAdj to {value.ToString(CultureInfo.InvariantCulture)}: "
            + $"{ErrnoText.Describe(written.Errno)}, leaving it at {current.ToString(CultureInfo.InvariantCulture)}");
        return null;
    }

    private static int? Current()
    {
        System.Span<byte> text = stackalloc byte[16];
        SysResult read = SmallFile.Read(At.FDCWD, File, text);
        return !read.IsError && int.TryParse(Encoding.ASCII.GetString(text[..read.Int]).TrimEnd(), CultureInfo.InvariantCulture, out int value) ? value : null;
    }

    private static SysResult Write(int value)
    {
        SysResult opened = Sys.Open(File, O.WRONLY | O.CLOEXEC);
        if (opened.IsError)
        {
            return opened;
        }

        using var file = new Fd(opened.Int);
        return Sys.Write(file.Number, Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture)));
    }
}
