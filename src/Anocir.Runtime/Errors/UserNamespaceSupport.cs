using System;
using System.Globalization;
using System.Text;
using Anocir.Linux;
using Anocir.Runtime.Lifecycle;

namespace Anocir.Runtime.Errors;

/// <summary>
/// Why this host makes no user namespace, from the kernel parameters that can forbid it, with the command that allows it. The errno
/// of clone3(2) does not tell them apart.
/// </summary>
internal static class UserNamespaceSupport
{
    /// <summary>The restriction in force for this process, or null.</summary>
    public static string? Restriction(Errno errno) => Restriction("/proc/sys", Caller.Current.IsPrivileged, errno);

    /// <summary>The restriction in force and the command that lifts it, or null when no parameter forbids user namespaces.</summary>
    /// <param name="sysctls">Directory in the place of /proc/sys.</param>
    /// <param name="privileged">Whether the caller has CAP_SYS_ADMIN on the host: the parameters about unprivileged users mean nothing to it then.</param>
    /// <param name="errno">What the kernel said: ENOSPC is a limit, whatever the other parameters are.</param>
    public static string? Restriction(string sysctls, bool privileged, Errno errno)
    {
        if (Value(sysctls, "user/max_user_namespaces") == 0)
        {
            return "user.max_user_namespaces is 0: as root, sysctl -w user.max_user_namespaces=15000";
        }

        if (privileged || errno == Errno.ENOSPC)
        {
            return null;
        }

        if (Value(sysctls, "kernel/unprivileged_userns_clone") == 0)
        {
            return "kernel.unprivileged_userns_clone is 0: as root, sysctl -w kernel.unprivileged_userns_clone=1";
        }

        return Value(sysctls, "kernel/apparmor_restrict_unprivileged_userns") == 1
            ? "kernel.apparmor_restrict_unprivileged_userns is 1 and AppArmor has no profile for this program: as root, "
                + "apparmor_parser -r /etc/apparmor.d/anocir (from packaging/apparmor), or sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"
            : null;
    }

    private static long Value(string sysctls, string name)
    {
        Span<byte> text = stackalloc byte[24];
        SysResult opened = Sys.Open(sysctls + "/" + name, O.RDONLY | O.CLOEXEC);
        if (opened.IsError)
        {
            return -1;
        }

        using var file = new Fd(opened.Int);
        SysResult read = Sys.Read(file.Number, text);
        return !read.IsError
            && long.TryParse(Encoding.ASCII.GetString(text[..read.Int]), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out long value)
            ? value
            : -1;
    }
}
