using System;
using System.IO;
using System.Linq;
using Anocir.Linux;
using Anocir.Runtime.Checks;
using Xunit;

namespace Anocir.Runtime.Tests.Checks;

/// <summary>Findings about a host that is a directory of files.</summary>
public sealed class HostCheckTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("anocir-check-").FullName;
    private readonly CheckReport _report = new();

    private HostFiles Host => new(_root);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("6.1.0-42-amd64", FindingLevel.Ok)]
    [InlineData("5.14.0", FindingLevel.Ok)]
    [InlineData("5.13.19", FindingLevel.Error)]
    [InlineData("4.18.0-553.el8", FindingLevel.Error)]
    [InlineData(null, FindingLevel.Warning)]
    [InlineData("x", FindingLevel.Warning)]
    public void A_kernel_before_5_14_is_too_old(string? release, FindingLevel level)
    {
        KernelChecks.CheckRelease(_report, release);
        Assert.Equal(level, Assert.Single(_report.Findings).Level);
        Assert.Equal(level != FindingLevel.Error, _report.IsOk);
    }

    [Fact]
    public void A_call_that_a_filter_takes_away_is_named_with_the_option_of_the_outer_engine()
    {
        KernelChecks.CheckCalls(_report, hasAllRights: true, static number => new SysResult(number switch { 435 => -38, 428 => -1, _ => -22 }));

        Assert.Equal(["open_tree", "clone3"], _report.Findings.Select(static f => f.Property));
        Assert.All(_report.Findings, static f => Assert.Contains("seccomp=unconfined", f.Fix, StringComparison.Ordinal));
    }

    [Fact]
    public void Without_rights_EPERM_says_nothing()
    {
        KernelChecks.CheckCalls(_report, hasAllRights: false, static _ => new SysResult(-1));
        Assert.Equal(new Finding(FindingLevel.Ok, "system calls", "all there", ""), Assert.Single(_report.Findings));
    }

    [Fact]
    public void This_kernel_has_them_all()
    {
        KernelChecks.CheckCalls(_report, hasAllRights: true, Sys.Probe);
        Assert.Equal(FindingLevel.Ok, Assert.Single(_report.Findings).Level);
    }

    [Fact]
    public void Limits_and_sysctls_are_named_with_the_command_that_raises_them()
    {
        File("/proc/sys/kernel/osrelease", "6.1.0\n");
        File("/proc/sys/user/max_net_namespaces", "0\n");
        File("/proc/sys/vm/memfd_noexec", "2\n");
        File("/proc/sys/kernel/seccomp/actions_avail", "kill_process errno allow\n");
        foreach (string name in (string[])["mnt", "pid", "net", "ipc", "uts", "cgroup", "user"])
        {
            File("/proc/self/ns/" + name, "");
        }

        KernelChecks.Check(_report, Host, hasAllRights: false);

        Assert.Equal(
            [
                new(FindingLevel.Warning, "/proc/self/ns/time", "the kernel has no such namespaces", "a kernel with CONFIG_TIME_NS"),
                new(FindingLevel.Error, "user.max_net_namespaces", "no namespace of this kind may be made", "sysctl -w user.max_net_namespaces=10000"),
                new(FindingLevel.Warning, "SCMP_ACT_NOTIFY", "the kernel has no such action", "install a newer kernel"),
                new(
                    FindingLevel.Error,
                    "vm.memfd_noexec",
                    "memfds may not be executed, and this user may not mount a tmpfs",
                    "sysctl -w vm.memfd_noexec=1"),
            ],
            _report.Findings.Where(static f => f.Level != FindingLevel.Ok).ToArray());
    }

    [Fact]
    public void Root_in_a_container_learns_which_capability_is_missing()
    {
        const ulong All = (1UL << 41) - 1;
        Status(All & ~(1UL << 27)); // CAP_MKNOD
        CallerChecks.Check(_report, Host, 0);
        Assert.Equal(
            new Finding(FindingLevel.Warning, "CAP_MKNOD", "this process does not have it, it is needed for devices", "in a container: --cap-add MKNOD"),
            Assert.Single(_report.Findings));

        Status(0xa80425fb); // what Docker gives
        var docker = new CheckReport();
        CallerChecks.Check(docker, Host, 0);
        Assert.Equal((FindingLevel.Error, "CAP_SYS_ADMIN"), docker.Findings.Select(static f => (f.Level, f.Property)).Single());
    }

    [Fact]
    public void A_user_needs_user_namespaces_and_ranges_of_ids()
    {
        File("/proc/sys/kernel/unprivileged_userns_clone", "0");
        File("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1");
        File("/etc/passwd", "root:x:0:0::/:\nann:x:1000:1000::/home/ann:/bin/sh\n");
        File("/etc/subuid", "ann:100000:65536\n");
        File("/etc/subgid", "bob:100000:65536\n");
        File("/usr/bin/newuidmap", "");
        File("/proc/self/limits", "Limit  Soft Limit  Hard Limit  Units\nMax processes             4                    100       processes\nMax open files            1024                 4096      files\n");

        CallerChecks.Check(_report, Host, 1000);

        Assert.Equal(
            ["kernel.unprivileged_userns_clone", "kernel.apparmor_restrict_unprivileged_userns", "/etc/subgid", "/usr/bin/newgidmap", "ulimit -u"],
            _report.Findings.Select(static f => f.Property));
        Assert.Equal("usermod --add-subgids 100000-165535 ann", _report.Findings[2].Fix);
        Assert.All(_report.Findings, static f => Assert.NotEqual("", f.Fix));
    }

    [Fact]
    public void The_profile_of_the_package_lifts_AppArmors_restriction()
    {
        File("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1");
        File("/proc/self/attr/apparmor/current", "anocir (unconfined)");
        CallerChecks.Check(_report, Host, 1000);
        Assert.DoesNotContain(_report.Findings, static f => f.Level == FindingLevel.Error);
    }

    private void Status(ulong effective) => File("/proc/self/status", $"Name:\tx\nCapEff:\t{effective:x16}\n");

    private void File(string path, string text)
    {
        _ = Directory.CreateDirectory(Path.GetDirectoryName(_root + path)!);
        System.IO.File.WriteAllText(_root + path, text);
    }
}
