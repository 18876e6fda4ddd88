using System.Collections.Generic;
using Anocir.Runtime.Cgroups;
using Anocir.Runtime.Errors;
using Xunit;

namespace Anocir.Runtime.Tests.Cgroups;

public sealed class CgroupPrepareTests
{
    private const string Root = "/sys/fs/cgroup";

    [Theory]
    [InlineData("/docker/abc", "/docker/abc", "/docker/abc")]
    [InlineData("/../../x", "/x", "/x")]
    [InlineData("pod/x", "/process_api/p/pod/x", "/pod/x")]
    [InlineData("../../x", "/process_api/p/x", "/x")]
    [InlineData(null, "/process_api/p/the-id", "/the-id")]
    [InlineData("", "/process_api/p/the-id", "/the-id")]
    public void V1CountsFromTheMountPointOrTheOwnCgroup(string? cgroupsPath, string memory, string others)
    {
        CgroupPlan plan = CgroupfsDriver.Prepare(Hybrid(), cgroupsPath, "the-id");
        Assert.Equal(
            [Root + "/memory" + memory, Root + "/devices" + others, Root + "/unified" + others],
            plan.Directories());
        Assert.Equal([Root + "/memory" + memory + "/tasks", Root + "/devices" + others + "/tasks"], plan.SelfJoinFiles());
        Assert.Equal(Root + "/unified" + others, plan.Unified?.Directory);
    }

    [Theory]
    [InlineData("/docker/abc", "/docker/abc")]
    [InlineData("pod/x", "/user.slice/pod/x")]
    [InlineData(null, "/user.slice/the-id")]
    [InlineData(".", "/user.slice")]
    public void V2CountsFromTheParentOfTheOwnCgroup(string? cgroupsPath, string expected)
    {
        var probe = new FakeProbe("0::/user.slice/a.scope\n", new() { [Root] = CgroupProbe.CgroupV2 });
        probe.Existing.Add(Root + "/user.slice/a.scope");
        CgroupPlan plan = CgroupfsDriver.Prepare(CgroupLayout.Detect(probe: probe), cgroupsPath, "the-id");
        Assert.Equal([Root + expected], plan.Directories());
        Assert.Empty(plan.SelfJoinFiles());
    }

    [Fact]
    public void V1WithoutDevicesIsRefused()
    {
        var probe = new FakeProbe("4:memory:/\n", new() { [Root + "/memory"] = CgroupProbe.CgroupV1 });
        CgroupLayout layout = CgroupLayout.Detect(probe: probe);
        ContainerException e = Assert.Throws<ContainerException>(() => CgroupfsDriver.Prepare(layout, "/x", "id"));
        Assert.Equal(
            "cannot confine devices: mountpoint for devices not found; hint: mount -t cgroup -o devices cgroup /sys/fs/cgroup/devices",
            e.Message);
    }

    [Fact]
    public void NulByteIsRefused()
    {
        ContainerException e = Assert.Throws<ContainerException>(() => CgroupfsDriver.Prepare(Hybrid(), "/a\0b", "id"));
        Assert.Equal("invalid config: linux.cgroupsPath: must not contain a NUL byte", e.Message);
    }

    [Fact]
    public void MountsOfAHybridHostInANewCgroupNamespace()
    {
        CgroupPlan plan = CgroupfsDriver.Prepare(CoMounted(), "/x", "id");
        CgroupMount[] mounts = [.. CgroupMounts.Describe(plan, plan, newNamespace: true)];
        Assert.Equal(
            [
                new(CgroupMountKind.FileSystem, "", "tmpfs", "mode=755", "tmpfs", 14, true),
                new(CgroupMountKind.FileSystem, "systemd", "cgroup", "name=systemd", "cgroup", 14, false),
                new(CgroupMountKind.FileSystem, "cpu,cpuacct", "cgroup", "cpu,cpuacct", "cgroup", 14, false),
                new(CgroupMountKind.FileSystem, "devices", "cgroup", "devices", "cgroup", 14, false),
                new(CgroupMountKind.Symlink, "cpu", "", "", "cpu,cpuacct", 0, false),
                new(CgroupMountKind.Symlink, "cpuacct", "", "", "cpu,cpuacct", 0, false),
            ],
            mounts);
    }

    [Fact]
    public void MountsOfAHybridHostWithoutANamespaceAreBindsOfTheContainersCgroup()
    {
        CgroupPlan plan = CgroupfsDriver.Prepare(CoMounted(), "/x", "id");
        CgroupMount bind = CgroupMounts.Describe(plan, plan, newNamespace: false)[2];
        Assert.Equal(new(CgroupMountKind.Bind, "cpu,cpuacct", "", "", Root + "/cpu,cpuacct/x", 0, false), bind);
    }

    /// <summary>CVE-2023-25809: the cgroup of the caller, shown where the container has none, is read-only, however it is mounted.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WhatIsNotTheContainersIsReadOnly(bool newNamespace)
    {
        const ulong ReadOnly = 1;
        CgroupPlan plan = CgroupfsDriver.Prepare(CoMounted(), "/x", "id");
        CgroupPlan own = new(plan.Mode, System.Array.FindAll(plan.Targets, static target => target.Hierarchy.Controllers == "devices"));
        foreach (CgroupPlan? some in new[] { own, null })
        {
            List<CgroupMount> mounts = CgroupMounts.Describe(plan, some, newNamespace);
            Assert.Equal(
                [("systemd", true), ("cpu,cpuacct", true), ("devices", some is null)],
                mounts.FindAll(static m => m.Name.Length > 0 && m.Kind != CgroupMountKind.Symlink).ConvertAll(static m => (m.Name, (m.Attributes & ReadOnly) != 0)));
        }

        var probe = new FakeProbe("0::/\n", new() { [Root] = CgroupProbe.CgroupV2 });
        CgroupPlan unified = CgroupfsDriver.Prepare(CgroupLayout.Detect(probe: probe), "/x", "id");
        Assert.Equal(ReadOnly, Assert.Single(CgroupMounts.Describe(unified, null, newNamespace)).Attributes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void MountsOfAUnifiedHost(bool newNamespace)
    {
        var probe = new FakeProbe("0::/\n", new() { [Root] = CgroupProbe.CgroupV2 });
        CgroupPlan plan = CgroupfsDriver.Prepare(CgroupLayout.Detect(probe: probe), "/x", "id");
        Assert.Equal(
            new(CgroupMountKind.FileSystem, "", "cgroup2", "", Root + "/x", 0, false),
            Assert.Single(CgroupMounts.Describe(plan, plan, newNamespace)));
    }

    [Theory]
    [InlineData(true, "")]
    [InlineData(false, "nsdelegate,memory_recursiveprot")]
    public void AMountFromTheHostsNamespaceKeepsTheHostsOptions(bool newNamespace, string data)
    {
        const string MountInfo = "22 1 8:1 / / rw - ext4 /dev/vda rw\n30 22 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot\n";
        string options = new CgroupMountTable(System.Text.Encoding.ASCII.GetBytes(MountInfo)).UnifiedOptions();
        Assert.Equal("nsdelegate,memory_recursiveprot", options);
        var probe = new FakeProbe("0::/\n", new() { [Root] = CgroupProbe.CgroupV2 });
        CgroupPlan plan = CgroupfsDriver.Prepare(CgroupLayout.Detect(probe: probe), "/x", "id");
        Assert.Equal(data, Assert.Single(CgroupMounts.Describe(plan, plan, newNamespace, options)).Data);
    }

    private static CgroupLayout Hybrid()
    {
        var probe = new FakeProbe(
            "4:memory:/process_api/p\n3:devices:/\n0::/\n",
            new()
            {
                [Root + "/memory"] = CgroupProbe.CgroupV1,
                [Root + "/devices"] = CgroupProbe.CgroupV1,
                [Root + "/unified"] = CgroupProbe.CgroupV2,
            });
        probe.Existing.Add(Root + "/memory/process_api/p");
        return CgroupLayout.Detect(probe: probe);
    }

    private static CgroupLayout CoMounted() => CgroupLayout.Detect(probe: new FakeProbe(
        "9:name=systemd:/\n4:cpu,cpuacct:/\n3:devices:/\n0::/\n",
        new()
        {
            [Root + "/systemd"] = CgroupProbe.CgroupV1,
            [Root + "/cpu,cpuacct"] = CgroupProbe.CgroupV1,
            [Root + "/devices"] = CgroupProbe.CgroupV1,
            [Root + "/unified"] = CgroupProbe.CgroupV2,
        }));
}
