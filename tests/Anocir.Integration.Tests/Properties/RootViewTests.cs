using System;
using System.IO;
using System.Linq;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Properties;

/// <summary>--no-pivot, rootfsPropagation, sysctls in a user namespace, personality: seen from inside.</summary>
public sealed class RootViewTests : ContainerTest
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_user_namespace_inside_gets_no_unmasked_proc_whether_the_root_is_pivoted_or_moved(bool moved)
    {
        Require.UserNamespaces();
        Bundle bundle = NewBundle().Process("noNewPrivileges", "false").Process("user", """{"uid":1000,"gid":1000}""").Shell(
            "busybox unshare -mrpf sh -c 'mount -t proc none /proc && echo exposed'; test -d /proc/self && echo $(ls / | wc -l)");
        bundle.Write();

        CliResult result = Anocir(["run", "--bundle", bundle.Dir, .. moved ? (string[])["--no-pivot"] : [], Id]);

        Assert.DoesNotContain("exposed", result.Stdout, StringComparison.Ordinal);
        Assert.Contains("mount: permission denied", result.Stderr, StringComparison.Ordinal);
        Assert.Equal(("6\n", 0), (result.Stdout, result.Code));
        Assert.True(Directory.Exists("/proc/self") && Directory.Exists("/sys/kernel")); // nothing covers the host's
    }

    [Fact]
    public void A_moved_root_with_shared_propagation_covers_nothing_of_the_host()
    {
        Bundle bundle = NewBundle().Linux("rootfsPropagation", "\"shared\"").Probe("mounts");
        bundle.Write();

        CliResult result = Anocir("run", "--bundle", bundle.Dir, "--no-pivot", Id);

        Assert.Equal((0, ""), (result.Code, result.Stderr));
        Assert.True(File.Exists("/proc/self/status") && Directory.Exists("/sys/kernel"));
        Assert.Contains(new Report(result.Stdout).All("mount"), line => line.Split(' ')[4] == "/" && line.Contains(" shared:", StringComparison.Ordinal));
    }

    [Fact]
    public void A_path_that_is_named_twice_is_covered_once()
    {
        Bundle bundle = NewBundle().Linux("maskedPaths", """["/masked","/etc","/masked"]""").Linux("readonlyPaths", """["/kept","/kept"]""");
        _ = Directory.CreateDirectory(bundle.Rootfs + "/masked");
        _ = Directory.CreateDirectory(bundle.Rootfs + "/kept");

        string[] targets = [.. Probe(bundle, "mounts").All("mount").Select(static line => line.Split(' ')[4])];

        Assert.Equal(["/etc", "/kept", "/masked"], targets.Where(static path => path is "/masked" or "/kept" or "/etc").Order());
    }

    [Theory]
    [InlineData("rshared", " shared:")]
    [InlineData("slave", " master:")]
    [InlineData("rslave", " master:")]
    [InlineData("rprivate", null)]
    [InlineData("unbindable", " unbindable")]
    public void The_root_has_the_propagation_of_the_config(string propagation, string? mark)
    {
        string root = Probe(NewBundle().Linux("rootfsPropagation", $"\"{propagation}\""), "mounts").All("mount").First(static line => line.Split(' ')[4] == "/");

        Assert.Equal(mark, ((string?[])[" shared:", " master:", " unbindable"]).FirstOrDefault(word => root.Contains(word!, StringComparison.Ordinal)));
    }

    [Fact]
    public void Sysctls_of_a_user_namespace_and_the_personality_are_set()
    {
        Require.UserNamespaces();
        Bundle bundle = NewBundle().UserNamespace().Linux("sysctl", """{"net.ipv4.ip_forward":"1","user.max_mnt_namespaces":"7"}""")
            .Linux("personality", """{"domain":"LINUX32"}""");

        Report inside = Probe(bundle, "read", "/proc/sys/net/ipv4/ip_forward", "read", "/proc/sys/user/max_mnt_namespaces", "read", "/proc/self/personality");

        Assert.Equal(
            ("1", "7", "00000008"),
            (inside["/proc/sys/net/ipv4/ip_forward"], inside["/proc/sys/user/max_mnt_namespaces"], inside["/proc/self/personality"]));
    }
}
