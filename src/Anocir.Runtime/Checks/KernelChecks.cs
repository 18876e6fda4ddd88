using System;
using System.Globalization;
using Anocir.Linux;

namespace Anocir.Runtime.Checks;

/// <summary>Whether this kernel has what every container needs, and what some need.</summary>
public static class KernelChecks
{
    private const int LeastMajor = 5;
    private const int LeastMinor = 14;

    private static readonly (int Number, string Name)[] s_calls =
    [
        (424, "pidfd_send_signal"), (428, "open_tree"), (429, "move_mount"), (430, "fsopen"), (432, "fsmount"), (434, "pidfd_open"), (435, "clone3"),
        (436, "close_range"), (437, "openat2"), (442, "mount_setattr"),
    ];

    /// <summary>All of them. <paramref name="hasAllRights"/>: the caller has CAP_SYS_ADMIN.</summary>
    public static void Check(CheckReport report, HostFiles host, bool hasAllRights)
    {
        CheckRelease(report, host.Text("/proc/sys/kernel/osrelease"));
        CheckCalls(report, hasAllRights, Sys.Probe);
        CheckNamespaces(report, host);
        CheckSeccomp(report, host);
        CheckMemfd(report, host, hasAllRights);
    }

    /// <summary>The kernel's version.</summary>
    public static void CheckRelease(CheckReport report, string? release)
    {
        string[] parts = (release ?? "").Split('.', '-');
        bool known = parts.Length > 1 && int.TryParse(parts[0], CultureInfo.InvariantCulture, out _) && int.TryParse(parts[1], CultureInfo.InvariantCulture, out _);
        if (!known)
        {
            report.Warn("kernel.osrelease", "cannot be read", "mount -t proc proc /proc");
            return;
        }

        int major = int.Parse(parts[0], CultureInfo.InvariantCulture);
        int minor = int.Parse(parts[1], CultureInfo.InvariantCulture);
        if (major < LeastMajor || (major == LeastMajor && minor < LeastMinor))
        {
            report.Fail("kernel.osrelease", $"Linux {release} is older than {LeastMajor}.{LeastMinor}", "install a newer kernel");
            return;
        }

        report.Ok("kernel.osrelease", "Linux " + release);
    }

    /// <summary>The system calls that every container needs.</summary>
    public static void CheckCalls(CheckReport report, bool hasAllRights, Func<int, SysResult> probe)
    {
        bool all = true;
        foreach ((int number, string name) in s_calls)
        {
            Errno errno = probe(number).Errno;
            if (errno == Errno.ENOSYS || (errno == Errno.EPERM && hasAllRights))
            {
                all = false;
                report.Fail(
                    name,
                    $"the system call answers {ErrnoText.Describe(errno)}: a seccomp filter around this command takes it away",
                    "in a container: --security-opt seccomp=unconfined, or a profile with this call");
            }
        }

        if (all)
        {
            report.Ok("system calls", "all there");
        }
    }

    private static void CheckNamespaces(CheckReport report, HostFiles host)
    {
        bool all = true;
        foreach (string name in (string[])["mnt", "pid", "net", "ipc", "uts", "cgroup", "user", "time"])
        {
            if (!host.Exists("/proc/self/ns/" + name))
            {
                all = false;
                report.Warn("/proc/self/ns/" + name, "the kernel has no such namespaces", $"a kernel with CONFIG_{name.ToUpperInvariant()}_NS");
            }
        }

        if (all)
        {
            report.Ok("namespaces", "all eight kinds");
        }

        foreach (string name in (string[])["mnt", "pid", "net", "ipc", "uts", "cgroup", "user", "time"])
        {
            string sysctl = $"user.max_{name}_namespaces";
            if (host.Sysctl(sysctl) == 0)
            {
                report.Fail(sysctl, "no namespace of this kind may be made", $"sysctl -w {sysctl}=10000");
            }
        }
    }

    private static void CheckSeccomp(CheckReport report, HostFiles host)
    {
        string? actions = host.Text("/proc/sys/kernel/seccomp/actions_avail");
        if (actions is null)
        {
            report.Warn("linux.seccomp", "the kernel has no seccomp filters", "a kernel with CONFIG_SECCOMP_FILTER");
        }
        else if (!HostFiles.HasWord(actions, "user_notif"))
        {
            report.Warn("SCMP_ACT_NOTIFY", "the kernel has no such action", "install a newer kernel");
        }
        else
        {
            report.Ok("linux.seccomp", "libseccomp " + LibSeccomp.VersionText());
        }
    }

    private static void CheckMemfd(CheckReport report, HostFiles host, bool hasAllRights)
    {
        const string Name = "vm.memfd_noexec";
        if (host.Sysctl(Name) != 2)
        {
            return;
        }

        if (hasAllRights)
        {
            report.Warn(Name, "memfds may not be executed; a detached tmpfs is used in their place", "sysctl -w vm.memfd_noexec=1");
        }
        else
        {
            report.Fail(Name, "memfds may not be executed, and this user may not mount a tmpfs", "sysctl -w vm.memfd_noexec=1");
        }
    }
}
