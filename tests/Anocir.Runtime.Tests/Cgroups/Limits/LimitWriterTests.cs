using System;
using System.Collections.Generic;
using System.IO;
using Anocir.Linux;
using Anocir.Runtime.Cgroups;
using Anocir.Runtime.Cgroups.Limits;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;
using Anocir.Runtime.State;
using Anocir.Runtime.Tests.State;
using Xunit;

namespace Anocir.Runtime.Tests.Cgroups.Limits;

/// <summary>On plain files: the kernel's refusals are missing files and directories in their place.</summary>
public sealed class LimitWriterTests : IDisposable
{
    private readonly TemporaryDirectory _temporary = new();
    private readonly CgroupDirectories _directories;

    public LimitWriterTests()
    {
        Directory.CreateDirectory(_temporary["c"]);
        _directories = CgroupDirectories.From(new CgroupRecord { Driver = "cgroupfs", Version = 2, Paths = [_temporary["c"]] });
    }

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void RefusedLimitTakesTheOthersBack()
    {
        File.WriteAllText(_temporary["c/memory.max"], "max\n");
        File.WriteAllText(_temporary["c/io.max"], "");
        List<LimitWrite> writes =
        [
            new LimitWrite("memory", "memory.max", "100", "linux.resources.memory.limit"),
            new LimitWrite("io", "io.max", "8:0 rbps=1", "linux.resources.blockIO.throttleReadBpsDevice[0]"),
            new LimitWrite("pids", "pids.max", "7", "linux.resources.pids.limit"),
        ];
        List<LimitWrite> old = LimitWriter.Old(_directories, writes);
        ContainerException e = Assert.Throws<ContainerException>(() => LimitWriter.Write(_directories, writes));
        LimitWriter.Restore(_directories, old);
        Assert.Equal(
            $"cannot write '7' to '{_temporary["c/pids.max"]}' (linux.resources.pids.limit): no such file or directory (ENOENT)"
            + "; hint: the kernel has no such file for this controller", e.Message);
        Assert.StartsWith("max", File.ReadAllText(_temporary["c/memory.max"]), StringComparison.Ordinal);
        Assert.StartsWith("8:0 rbps=max", File.ReadAllText(_temporary["c/io.max"]), StringComparison.Ordinal);
    }

    /// <summary>The kernel resets the weight whenever cpu.idle is switched, and has none while it is 1: the weight comes back last.</summary>
    [Theory]
    [InlineData(2, "0", "cpu.idle=1", "cpu.weight=59 cpu.idle=0")]
    [InlineData(2, "0", "cpu.idle=1 cpu.weight=100 cpu.weight.nice=1 cpu.max=1", "cpu.weight=59 cpu.idle=0 cpu.max=max")]
    [InlineData(2, "1", "cpu.idle=0 cpu.weight=100", "cpu.idle=1")]
    [InlineData(2, "0", "cpu.weight=100", "cpu.weight=59")]
    [InlineData(1, "0", "cpu.shares=2 cpu.idle=1", "cpu.shares=512 cpu.idle=0")]
    [InlineData(1, "0", "cpu.idle=1", "cpu.shares=512 cpu.idle=0")]
    public void WeightIsKeptWhereIdlenessChanges(int version, string idle, string writes, string expected)
    {
        foreach ((string file, string content) in (ReadOnlySpan<(string, string)>)
            [("cpu.idle", idle), ("cpu.weight", "59"), ("cpu.weight.nice", "3"), ("cpu.shares", "512"), ("cpu.max", "max")])
        {
            File.WriteAllText(_temporary["c/" + file], content + "\n");
        }

        var directories = CgroupDirectories.From(new CgroupRecord { Driver = "cgroupfs", Version = version, Controllers = ["cpu"], Paths = [_temporary["c"]] });
        List<LimitWrite> old = LimitWriter.Old(
            directories, [.. Array.ConvertAll(writes.Split(' '), static w => new LimitWrite("cpu", w.Split('=')[0], w.Split('=')[1], "linux.resources.cpu.idle"))]);

        Assert.Equal(expected, string.Join(' ', old.ConvertAll(static w => w.File + "=" + w.Value)));
    }

    [Theory]
    [InlineData("cpu.weight", "100", "1", Errno.EINVAL, "a cgroup with cpu.idle 1 has no weight: set linux.resources.cpu.idle to 0 first")]
    [InlineData("cpu.shares", "100", "1", Errno.EINVAL, "a cgroup with cpu.idle 1 has no weight: set linux.resources.cpu.idle to 0 first")]
    [InlineData("cpu.shares", "100", "0", Errno.EINVAL, "the weight of the root cgroup cannot be changed")]
    [InlineData("cpu.shares", "100", null, Errno.EINVAL, "the weight of the root cgroup cannot be changed")]
    [InlineData("cpu.idle", "2", "0", Errno.EINVAL, "cpu.idle is 0 or 1")]
    [InlineData("cpu.idle", "1", "0", Errno.EINVAL, "the root cgroup cannot be made idle")]
    [InlineData("cpu.weight", "0", "0", Errno.ERANGE, "a weight is from 1 to 10000")]
    [InlineData("cpu.weight.nice", "20", "0", Errno.ERANGE, "a nice value is from -20 to 19")]
    public void TheCauseOfARefusedWeightIsNamed(string file, string value, string? idle, Errno errno, string hint)
    {
        if (idle is not null)
        {
            File.WriteAllText(_temporary["c/cpu.idle"], idle + "\n");
        }

        Assert.EndsWith("; hint: " + hint, LimitErrors.Refused(_directories, new LimitWrite("cpu", file, value, "x"), errno).Message, StringComparison.Ordinal);
    }

    // On cgroup v1: a shorter period alone would be more than the parent has, and so it is until the quota, two writes later.
    [Fact]
    public void WhatIsRefusedWaitsForTheWriteThatMakesRoom()
    {
        const string Cpu = "/sys/fs/cgroup/cpu";
        Assert.SkipUnless(Environment.UserName == "root" && File.Exists(Cpu + "/cpu.cfs_quota_us"), "needs root and the controller cpu on cgroup v1");
        string parent = $"{Cpu}/anocir-test-{Guid.NewGuid():n}", child = parent + "/c";
        Directory.CreateDirectory(child);
        try
        {
            File.WriteAllText(parent + "/cpu.cfs_quota_us", "50000");
            File.WriteAllText(child + "/cpu.cfs_quota_us", "40000");
            var directories = CgroupDirectories.From(new CgroupRecord { Driver = "cgroupfs", Version = 1, Controllers = ["cpu"], Paths = [child] });

            LimitWriter.Write(directories, ResourceLimits.Writes(
                new Resources { Cpu = new CpuResources { Period = 50_000, Quota = 20_000, Burst = 0 } }, isUnified: false, new DirectoryFacts(directories)));

            Assert.Equal(("50000\n", "20000\n"), (File.ReadAllText(child + "/cpu.cfs_period_us"), File.ReadAllText(child + "/cpu.cfs_quota_us")));
        }
        finally
        {
            Directory.Delete(child);
            Directory.Delete(parent);
        }
    }

    [Fact]
    public void MissingFileMayBeTolerated() =>
        LimitWriter.Write(_directories, [new LimitWrite("memory", "memory.swap.max", "max", "x", LimitTolerance.MayBeMissing)]);

    [Fact]
    public void TheControllerThatIsMissingIsNamed()
    {
        Directory.CreateDirectory(_temporary["c/d"]);
        File.WriteAllText(_temporary["c/cgroup.controllers"], "cpu memory\n");
        File.WriteAllText(_temporary["c/d/cgroup.controllers"], "cpu\n");
        var deeper = CgroupDirectories.From(new CgroupRecord { Driver = "cgroupfs", Version = 2, Paths = [_temporary["c/d"]] });
        Assert.EndsWith(
            $"; hint: '{_temporary["c"]}' does not delegate the controller memory (cgroup.subtree_control): it holds processes, or is not ours",
            Refused(deeper, new LimitWrite("memory", "memory.max", "1", "linux.resources.memory.limit")), StringComparison.Ordinal);
        Assert.EndsWith(
            "; hint: unified resource \"hugetlb.2MB.max\" can't be set: controller \"hugetlb\" not available: the controller hugetlb is not in "
            + "cgroup.controllers of the root: not in this kernel, disabled at boot, or in use by a v1 hierarchy",
            Refused(deeper, new LimitWrite("hugetlb", "hugetlb.2MB.max", "1", "linux.resources.unified[\"hugetlb.2MB.max\"]")), StringComparison.Ordinal);
    }

    [Fact]
    public void TheHierarchyThatIsMissingIsNamed()
    {
        var v1 = CgroupDirectories.From(new CgroupRecord { Driver = "cgroupfs", Version = 1, Paths = [_temporary["c"]], Controllers = ["cpu,cpuacct"] });
        Assert.Equal(_temporary["c"], v1.Find("cpuacct"));
        Assert.Equal(
            "cannot set linux.resources.hugepageLimits[0] to '1': no cgroup hierarchy with the controller hugetlb is mounted"
            + "; hint: mount -t cgroup -o hugetlb cgroup /sys/fs/cgroup/hugetlb",
            Refused(v1, new LimitWrite("hugetlb", "hugetlb.2MB.limit_in_bytes", "1", "linux.resources.hugepageLimits[0]")));
    }

    private static string Refused(CgroupDirectories directories, LimitWrite write) =>
        Assert.Throws<ContainerException>(() => LimitWriter.Write(directories, [write])).Message;
}
