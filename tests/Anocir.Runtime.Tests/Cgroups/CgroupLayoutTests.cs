using System.Collections.Generic;
using System.Linq;
using Anocir.Runtime.Cgroups;
using Anocir.Runtime.Errors;
using Xunit;

namespace Anocir.Runtime.Tests.Cgroups;

public sealed class CgroupLayoutTests
{
    private const string Root = "/sys/fs/cgroup";

    [Fact]
    public void UnifiedHostHasOneHierarchy()
    {
        var probe = new FakeProbe("0::/user.slice/a.scope\n", new() { [Root] = CgroupProbe.CgroupV2 });
        probe.Existing.Add(Root + "/user.slice/a.scope");
        CgroupLayout layout = CgroupLayout.Detect(probe: probe);
        Assert.Equal(CgroupMode.Unified, layout.Mode);
        CgroupHierarchy only = Assert.Single(layout.Hierarchies);
        Assert.Equal(("", Root, "/user.slice/a.scope"), (only.Controllers, only.MountPoint, only.OwnPath));
        Assert.True(only.IsUnified);
    }

    [Fact]
    public void UnifiedHostIgnoresLeftoverV1Hierarchies()
    {
        var probe = new FakeProbe("1:name=elogind:/x\n0::/\n", new() { [Root] = CgroupProbe.CgroupV2 });
        Assert.True(Assert.Single(CgroupLayout.Detect(probe: probe).Hierarchies).IsUnified);
    }

    [Fact]
    public void HybridHostHasEveryMountedHierarchy()
    {
        var probe = new FakeProbe(
            "9:name=systemd:/\n4:cpuacct,cpu:/\n3:devices:/\n2:rdma:/\n0::/\n",
            new()
            {
                [Root] = CgroupProbe.Tmpfs,
                [Root + "/systemd"] = CgroupProbe.CgroupV1,
                [Root + "/cpuacct"] = CgroupProbe.CgroupV1, // the link to cpu,cpuacct
                [Root + "/devices"] = CgroupProbe.CgroupV1,
                [Root + "/unified"] = CgroupProbe.CgroupV2,
            },
            mountInfo: ""); // rdma is mounted nowhere
        CgroupLayout layout = CgroupLayout.Detect(probe: probe);
        Assert.Equal(CgroupMode.Hybrid, layout.Mode);
        Assert.Equal(
            [Root + "/systemd", Root + "/cpuacct", Root + "/devices", Root + "/unified"],
            layout.Hierarchies.Select(h => h.MountPoint));
        Assert.Equal(Root + "/devices", layout.Find("devices")?.MountPoint);
        Assert.Equal("cpuacct,cpu", layout.Find("cpu")?.Controllers);
        Assert.Null(layout.Find("rdma"));
    }

    /// <summary>In a container that binds the host's /sys and mounts cgroups over it: the covered mounts count for nothing.</summary>
    [Fact]
    public void OfMountsInTheSamePlaceTheTopOneCounts()
    {
        var probe = new FakeProbe(
            "8:pids:/outer/c1\n",
            new() { [Root] = CgroupProbe.Tmpfs, [Root + "/pids"] = CgroupProbe.CgroupV1 },
            "1 0 0:1 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n"
                + "2 0 0:1 /outer /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n3 0 0:1 / /elsewhere rw - cgroup cgroup rw,pids\n");
        CgroupHierarchy only = Assert.Single(CgroupLayout.Detect(probe: probe).Hierarchies);
        Assert.Equal((Root + "/pids", "/c1"), (only.MountPoint, only.OwnPath));
    }

    [Fact]
    public void LegacyHostHasNoUnifiedHierarchy()
    {
        var probe = new FakeProbe("3:devices:/\n", new() { [Root + "/devices"] = CgroupProbe.CgroupV1 });
        Assert.Equal(CgroupMode.Legacy, CgroupLayout.Detect(probe: probe).Mode);
    }

    [Fact]
    public void UnifiedHierarchyElsewhereIsNotLookedForBesideV1()
    {
        // Reading mountinfo takes milliseconds on a host with thousands of mounts.
        var probe = new FakeProbe("3:devices:/\n0::/\n", new() { [Root + "/devices"] = CgroupProbe.CgroupV1 });
        CgroupLayout layout = CgroupLayout.Detect(probe: probe);
        Assert.Equal(CgroupMode.Legacy, layout.Mode);
        Assert.Equal("devices", Assert.Single(layout.Hierarchies).Controllers);
    }

    [Fact]
    public void PlaceOtherThanTheStandardOneComesFromMountInfo()
    {
        const string MountInfo =
            "25 30 0:23 / /proc rw - proc proc rw\n" +
            "32 31 0:29 / /cg\\040roups/mem rw,relatime shared:9 - cgroup cgroup rw,memory\n" +
            "33 31 0:30 / /cg/dev rw,relatime - cgroup cgroup rw,devices\n";
        var probe = new FakeProbe("4:memory:/\n3:devices:/\n", [], MountInfo);
        CgroupLayout layout = CgroupLayout.Detect(probe: probe);
        Assert.Equal(["/cg roups/mem", "/cg/dev"], layout.Hierarchies.Select(h => h.MountPoint));
    }

    [Fact]
    public void MountOfAPartOfTheHierarchyMakesTheOwnPathRelativeToIt()
    {
        // Docker in Docker without cgroup namespaces: the path of the host, the mount of a part.
        const string MountInfo = "33 31 0:30 /docker/abc /sys/fs/cgroup/devices rw - cgroup cgroup rw,devices\n";
        var types = new Dictionary<string, long> { [Root + "/devices"] = CgroupProbe.CgroupV1 };
        CgroupLayout own = CgroupLayout.Detect(probe: new FakeProbe("3:devices:/docker/abc\n", types, MountInfo));
        Assert.Equal("/", own.Hierarchies[0].OwnPath);
        CgroupLayout below = CgroupLayout.Detect(probe: new FakeProbe("3:devices:/docker/abc/x\n", types, MountInfo));
        Assert.Equal("/x", below.Hierarchies[0].OwnPath);
        CgroupLayout other = CgroupLayout.Detect(probe: new FakeProbe("3:devices:/docker/abcd\n", types, MountInfo));
        Assert.Equal("/docker/abcd", other.Hierarchies[0].OwnPath);
    }

    [Fact]
    public void HostWithoutCgroupsIsAnErrorThatSaysWhatToMount()
    {
        var probe = new FakeProbe("0::/\n", [], mountInfo: "");
        ContainerException e = Assert.Throws<ContainerException>(() => CgroupLayout.Detect(probe: probe));
        Assert.Equal(
            "cannot find a cgroup hierarchy: '/sys/fs/cgroup' is not a cgroup mount; hint: mount -t cgroup2 cgroup2 /sys/fs/cgroup",
            e.Message);
    }

    [Fact]
    public void MissingProcIsAnErrorThatNamesTheFile()
    {
        ContainerException e = Assert.Throws<ContainerException>(() => CgroupLayout.Detect(procSelf: "/nonexistent"));
        Assert.Equal("cannot read '/nonexistent/cgroup': no such file or directory (ENOENT)", e.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense\n")]
    [InlineData(":::\n::\n5:\n0:x\n")]
    public void MalformedLinesAreNotHierarchies(string self)
    {
        var probe = new FakeProbe(self, new() { [Root] = CgroupProbe.CgroupV2 });
        Assert.Throws<ContainerException>(() => CgroupLayout.Detect(probe: probe));
    }
}
