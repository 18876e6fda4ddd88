using System;
using System.IO;
using System.Linq;
using Xunit;

namespace Anocir.Integration.Tests.Fixture;

/// <summary>
/// Everything a test may need of the machine: the one vocabulary. What a lane ($ANOCIR_LANE, "host" by default) promises fails the test when
/// it is missing, so that nothing is left out unseen; elsewhere it skips the test with this reason. All lanes promise what is not told here:
/// "host" has no systemd and no AppArmor, "uml" is an older kernel with few devices and one CPU, "vm" has everything that Linux 6.1 has.
/// </summary>
internal static class Require
{
    // The lanes on a kernel of the distribution or newer, with more than the necessary.
    private static readonly string[] s_fullKernels = ["host", "vm"];

    /// <summary>Runs as root.</summary>
    public static void Root() => Need(Environment.IsPrivilegedProcess, "root: run as root");

    /// <summary>User namespaces may be made.</summary>
    public static void UserNamespaces() => Need(File.Exists("/proc/self/ns/user"), "user namespaces in the kernel");

    /// <summary>Time namespaces.</summary>
    public static void TimeNamespaces() => Need(File.Exists("/proc/self/ns/time"), "time namespaces in the kernel", s_fullKernels);

    /// <summary>A controller, in a v1 hierarchy or in cgroup v2's root.</summary>
    public static void Controller(string name) => Need(
        Cgroups.Hierarchies().Any(path => Path.GetFileName(path) == name
            || Proc.Lines(path + "/cgroup.controllers").Any(line => line.Split(' ').Contains(name))),
        $"the cgroup controller {name}",
        name == "cpuset" ? s_fullKernels : []);

    /// <summary>A file system type.</summary>
    public static void FileSystem(string type) => Need(
        Proc.Lines("/proc/filesystems").Any(line => line.EndsWith("\t" + type, StringComparison.Ordinal)), $"the file system {type}",
        type == "overlay" ? s_fullKernels : []);

    /// <summary>The lane "host": for what was arranged and tried there only.</summary>
    public static void HostLane() => Need((Environment.GetEnvironmentVariable("ANOCIR_LANE") ?? "host") == "host", "the arrangement of the lane host", "host");

    /// <summary>A kernel parameter, by its name with dots.</summary>
    public static void Sysctl(string name) =>
        Need(File.Exists("/proc/sys/" + name.Replace('.', '/')), $"the kernel parameter {name}");

    /// <summary>A program on the host, by absolute path.</summary>
    public static void Program(string path) => Need(File.Exists(path), $"the program {path}");

    /// <summary>Pairs of virtual Ethernet devices; makes one of these names on the host.</summary>
    public static void NewEthernetPair(string name, string peer) => Need(
        Cli.Execute(["/bin/busybox", "ip", "link", "add", name, "type", "veth", "peer", "name", peer], new SpawnOptions()).Code == 0,
        "veth network devices",
        "host");

    /// <summary>AppArmor, and the program that loads profiles.</summary>
    public static void AppArmor() => Need(
        Proc.Lines("/sys/module/apparmor/parameters/enabled") is ["Y"] && File.Exists("/sbin/apparmor_parser"), "AppArmor and apparmor_parser", "vm");

    /// <summary>SELinux with the policy of tests/selinux.</summary>
    public static void Selinux() => Need(
        Proc.Lines("/proc/self/attr/current") is [{ } label] && label.StartsWith("system_u:system_r:kernel_t:", StringComparison.Ordinal),
        "SELinux with the policy of tests/selinux",
        "selinux");

    /// <summary>sysctl vm.memfd_noexec (Linux 6.3).</summary>
    public static void ExecutableMemfdsCanBeForbidden() => Need(File.Exists("/proc/sys/vm/memfd_noexec"), "sysctl vm.memfd_noexec (Linux 6.3)", "host");

    /// <summary>A ps(1) whose -ef works: it wants the boot time, which User-mode Linux does not tell.</summary>
    public static void WorkingPs() => Need(
        File.Exists("/usr/bin/ps") && Cli.Execute(["/usr/bin/ps", "-ef"], new SpawnOptions()).Code == 0, "a ps(1) whose -ef works", s_fullKernels);

    /// <summary>Id-mapped mounts of the temporary directory, whatever its file system: a tmpfs can since Linux 6.3.</summary>
    public static void IdMappedMounts() => Need(
        Environment.OSVersion.Version >= new Version(6, 3), "id-mapped mounts of tmpfs (Linux 6.3)", "host");

    /// <summary>More than one CPU.</summary>
    public static void TwoCpus() => Need(Environment.ProcessorCount > 1, "two CPUs", s_fullKernels);

    /// <summary>systemd as process 1, with a message bus.</summary>
    public static void Systemd() => Need(
        Directory.Exists("/run/systemd/system") && File.Exists("/run/dbus/system_bus_socket"), "systemd with D-Bus", "vm");

    /// <summary>A systemd of the unprivileged user 1000 with a message bus.</summary>
    public static void UserSystemd() => Need(File.Exists("/run/user/1000/bus"), "systemd of user 1000", "vm");

    private static void Need(bool met, string what, params ReadOnlySpan<string> promisedBy)
    {
        if (met)
        {
            return;
        }

        string lane = Environment.GetEnvironmentVariable("ANOCIR_LANE") ?? "host";
        if ((promisedBy.IsEmpty ? ["host", "uml", "vm"] : promisedBy).Contains(lane))
        {
            Assert.Fail("this machine lacks " + what);
        }

        Assert.Skip("this machine lacks " + what);
    }
}
