using System;
using System.Globalization;
using Anocir.Runtime.Lifecycle;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Checks;

/// <summary>Whether the user of this command may make containers: capabilities of root, user namespaces and ID ranges of others, limits.</summary>
public static class CallerChecks
{
    private const int LeastFiles = 64;
    private const int LeastProcesses = 8;

    // What is missing without each; CAP_SYS_ADMIN is asked for first and by itself.
    private static readonly (string Name, string Use)[] s_capabilities =
    [
        ("CAP_CHOWN", "files of a container's users"), ("CAP_DAC_OVERRIDE", "roots and cgroups of other owners"),
        ("CAP_SETUID", "other users than root"), ("CAP_SETGID", "other users than root"), ("CAP_SETPCAP", "fewer capabilities in the bounding set"),
        ("CAP_MKNOD", "devices"), ("CAP_SYS_CHROOT", "joining mount namespaces"), ("CAP_KILL", "signals to other users' processes"),
        ("CAP_NET_ADMIN", "the loopback interface"), ("CAP_SYS_RESOURCE", "raised hard limits"), ("CAP_SYS_PTRACE", "containers with user namespaces"),
    ];

    /// <summary>Whether the effective set in /proc/self/status has a capability; true when that cannot be read.</summary>
    public static bool HasCapability(HostFiles host, string name) =>
        !ulong.TryParse(host.Status("CapEff"), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong set)
        || (set & (1UL << CapabilityNames.Number(name))) != 0;

    /// <summary>All of them for a user.</summary>
    public static void Check(CheckReport report, HostFiles host, uint uid)
    {
        if (uid == 0)
        {
            CheckCapabilities(report, host);
        }
        else
        {
            CheckUserNamespaces(report, host);
            CheckRanges(report, host, uid);
        }

        CheckLimits(report, host);
    }

    private static void CheckCapabilities(CheckReport report, HostFiles host)
    {
        if (!HasCapability(host, "CAP_SYS_ADMIN"))
        {
            report.Fail("CAP_SYS_ADMIN", "this process does not have it: no namespace and no mount can be made", "in a container: --cap-add SYS_ADMIN, or --privileged");
            return;
        }

        bool all = true;
        foreach ((string name, string use) in s_capabilities)
        {
            if (!HasCapability(host, name))
            {
                all = false;
                report.Warn(name, "this process does not have it, it is needed for " + use, $"in a container: --cap-add {name[4..]}");
            }
        }

        if (all)
        {
            report.Ok("capabilities", "root with all that is needed");
        }
    }

    private static void CheckUserNamespaces(CheckReport report, HostFiles host)
    {
        if (host.Sysctl("kernel.unprivileged_userns_clone") == 0)
        {
            report.Fail("kernel.unprivileged_userns_clone", "only root may make user namespaces", "sysctl -w kernel.unprivileged_userns_clone=1");
        }

        if (host.Sysctl("kernel.apparmor_restrict_unprivileged_userns") == 1 && !Confined(host))
        {
            report.Fail(
                "kernel.apparmor_restrict_unprivileged_userns",
                "AppArmor forbids user namespaces to programs without a profile",
                "apparmor_parser --replace /etc/apparmor.d/anocir (the Debian package has it), or sysctl -w kernel.apparmor_restrict_unprivileged_userns=0");
        }
    }

    private static bool Confined(HostFiles host) =>
        host.Text("/proc/self/attr/apparmor/current")?.StartsWith("anocir", StringComparison.Ordinal) == true;

    private static void CheckRanges(CheckReport report, HostFiles host, uint uid)
    {
        byte[] passwd = System.Text.Encoding.UTF8.GetBytes(host.Text("/etc/passwd") ?? "");
        string number = uid.ToString(CultureInfo.InvariantCulture);
        string user = UserNames.Find(passwd, uid) ?? number;
        foreach (string file in (string[])["/etc/subuid", "/etc/subgid"])
        {
            if (!HasRange(host.Text(file), user, number))
            {
                report.Warn(file, $"no range for {user}: only one user ID can be mapped", $"usermod --add-sub{file[^3..]}s 100000-165535 {user}");
            }
        }

        foreach (string program in (string[])["/usr/bin/newuidmap", "/usr/bin/newgidmap"])
        {
            if (!host.Exists(program))
            {
                report.Warn(program, "is not there: ranges of IDs cannot be mapped", "apt install uidmap");
            }
        }
    }

    private static bool HasRange(string? text, string user, string number)
    {
        foreach (string line in (text ?? "").Split('\n'))
        {
            if (line.StartsWith(user + ":", StringComparison.Ordinal) || line.StartsWith(number + ":", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static void CheckLimits(CheckReport report, HostFiles host)
    {
        foreach (string line in (host.Text("/proc/self/limits") ?? "").Split('\n'))
        {
            Check(report, line, "Max open files", "ulimit -n", LeastFiles);
            Check(report, line, "Max processes", "ulimit -u", LeastProcesses);
        }
    }

    private static void Check(CheckReport report, string line, string name, string property, int least)
    {
        if (!line.StartsWith(name, StringComparison.Ordinal))
        {
            return;
        }

        string[] words = line[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length > 0 && int.TryParse(words[0], CultureInfo.InvariantCulture, out int soft) && soft < least)
        {
            report.Fail(property, $"{soft} is too low", $"{property} {least}");
        }
    }
}
