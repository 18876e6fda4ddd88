using System;
using System.Text;
using Anocir.Linux;

namespace Anocir.Cli.CommandLine;

/// <summary>Whether the caller is root on the host or only in a user namespace.</summary>
internal static class UserNamespace
{
    /// <summary>
    /// Whether state belongs in $XDG_RUNTIME_DIR, by runc's rule: always for other users than root; for root never on the host (a
    /// root shell inherits the variable of whoever called su), and in a user namespace unless $USER says root.
    /// </summary>
    public static bool HonoursRuntimeDir() =>
        Sys.GetEuid() != 0 || (IsInside() && Environment.GetEnvironmentVariable("USER") != "root");

    private static bool IsInside()
    {
        Span<byte> map = stackalloc byte[128];
        SysResult result = Sys.Open("/proc/self/uid_map", O.RDONLY | O.CLOEXEC);
        if (result.IsError)
        {
            return false;
        }

        using var file = new Fd(result.Int);
        SysResult read = Sys.Read(file.Number, map);
        return !read.IsError && !IsInitialMap(map[..read.Int]);
    }

    /// <summary>Whether a uid_map is that of the initial namespace: one line, all IDs onto themselves.</summary>
    internal static bool IsInitialMap(ReadOnlySpan<byte> map)
    {
        string[] fields = Encoding.ASCII.GetString(map).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return fields is ["0", "0", "4294967295"];
    }
}
