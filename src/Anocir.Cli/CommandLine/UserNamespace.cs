using System;
using Anocir.Runtime.Lifecycle;

namespace Anocir.Cli.CommandLine;

/// <summary>Whether the caller is root on the host or only in a user namespace.</summary>
internal static class UserNamespace
{
    /// <summary>
    /// Whether state belongs in $XDG_RUNTIME_DIR, by runc's rule: always for other users than root; for root never on the host (a
    /// root shell inherits the variable of whoever called su), and in a user namespace unless $USER says root.
    /// </summary>
    public static bool HonoursRuntimeDir() =>
        Caller.Current.IsRootless || (Caller.Current.IsInUserNamespace && Environment.GetEnvironmentVariable("USER") != "root");
}
