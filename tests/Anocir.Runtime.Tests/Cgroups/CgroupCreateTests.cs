using System;
using System.IO;
using System.Linq;
using Anocir.Runtime.Cgroups;
using Anocir.Runtime.Errors;
using Xunit;

namespace Anocir.Runtime.Tests.Cgroups;

/// <summary>The driver on plain directories, where files of a cgroup exist only as far as a test writes them.</summary>
public sealed class CgroupCreateTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("anocir-test-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void MakesParentsAndRecordsThem()
    {
        CgroupPlan plan = Plan("/a/b/c");
        using CgroupCreation creation = CgroupfsDriver.Create(plan);
        Assert.All(plan.Directories(), d => Assert.True(Directory.Exists(d)));
        Assert.Equal(
            ["/devices/a", "/devices/a/b", "/devices/a/b/c", "/unified/a", "/unified/a/b", "/unified/a/b/c"],
            creation.Made.Select(d => d[_root.Length..]));
        Assert.True(creation.UnifiedDirectory.IsOpen);
        creation.Rollback();
        Assert.Empty(Directory.GetDirectories(_root + "/devices"));
        Assert.Empty(Directory.GetDirectories(_root + "/unified"));
    }

    [Fact]
    public void TakesOverAnEmptyCgroupAndRollbackKeepsIt()
    {
        Directory.CreateDirectory(_root + "/devices/a");
        using CgroupCreation creation = CgroupfsDriver.Create(Plan("/a"));
        creation.Rollback();
        Assert.True(Directory.Exists(_root + "/devices/a"));
        Assert.False(Directory.Exists(_root + "/unified/a"));
    }

    [Fact]
    public void RefusesACgroupWithProcessesBelowItAndRemovesWhatItMade()
    {
        Directory.CreateDirectory(_root + "/unified/a/sub");
        File.WriteAllText(_root + "/unified/a/cgroup.procs", "7\n");
        File.WriteAllText(_root + "/unified/a/sub/cgroup.procs", "8\n12345\n");
        ContainerException e = Assert.Throws<ContainerException>(() => CgroupfsDriver.Create(Plan("/a")));
        Assert.Equal("container's cgroup is not empty: 3 process(es) found", e.Message);
        Assert.Empty(Directory.GetDirectories(_root + "/devices"));
    }

    [Theory]
    [InlineData("devices", "freezer.state", "FROZEN\n")]
    [InlineData("devices", "freezer.state", "FREEZING\n")]
    [InlineData("unified", "cgroup.freeze", "1\n")]
    public void RefusesAFrozenCgroup(string hierarchy, string file, string state)
    {
        Directory.CreateDirectory($"{_root}/{hierarchy}/a");
        File.WriteAllText($"{_root}/{hierarchy}/a/{file}", state);
        ContainerException e = Assert.Throws<ContainerException>(() => CgroupfsDriver.Create(Plan("/a")));
        Assert.Equal("container's cgroup unexpectedly frozen", e.Message);
    }

    [Fact]
    public void FileInPlaceOfTheCgroupIsNamed()
    {
        CgroupPlan plan = Plan("/tasks");
        File.WriteAllText(_root + "/devices/tasks", "");
        ContainerException e = Assert.Throws<ContainerException>(() => CgroupfsDriver.Create(plan));
        Assert.Equal(
            $"cannot create cgroup '{_root}/devices/tasks': not a directory (ENOTDIR); hint: linux.cgroupsPath names a file of a cgroup",
            e.Message);
        e = Assert.Throws<ContainerException>(() => CgroupfsDriver.Create(Plan("/tasks/x")));
        Assert.Equal(
            $"cannot create cgroup '{_root}/devices/tasks/x': not a directory (ENOTDIR); hint: linux.cgroupsPath names a file of a cgroup",
            e.Message);
    }

    [Fact]
    public void TooLongNameIsNamed()
    {
        ContainerException e = Assert.Throws<ContainerException>(() => CgroupfsDriver.Create(Plan("/" + new string('x', 256))));
        Assert.EndsWith(
            ": file name too long (ENAMETOOLONG); hint: each part of linux.cgroupsPath can have at most 255 bytes",
            e.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void DestroyRemovesDirectoriesDepthFirstAndTakesMissingOnesAsDone()
    {
        Directory.CreateDirectory(_root + "/devices/a/b/c");
        Directory.CreateDirectory(_root + "/devices/a/d");
        CgroupfsDriver.Destroy([_root + "/devices/a", _root + "/devices/none"], CgroupRemoval.KillProcesses);
        Assert.Empty(Directory.GetDirectories(_root + "/devices"));
    }

    [Fact]
    public void DestroyOfOnlyEmptyOnesLeavesProcessesAlone()
    {
        Directory.CreateDirectory(_root + "/devices/a");
        File.WriteAllText(_root + "/devices/a/cgroup.procs", "4194304\n");
        CgroupfsDriver.Destroy([_root + "/devices/a"], CgroupRemoval.OnlyEmpty);
        Assert.True(Directory.Exists(_root + "/devices/a"));
    }

    [Fact]
    public void DestroyRefusesTheCgroupOfTheCaller()
    {
        Directory.CreateDirectory(_root + "/devices/a");
        File.WriteAllText(_root + "/devices/a/cgroup.procs", $"{Environment.ProcessId}\n");
        ContainerException e = Assert.Throws<ContainerException>(
            () => CgroupfsDriver.Destroy([_root + "/devices/a"], CgroupRemoval.KillProcesses));
        Assert.Equal(
            $"cannot kill the processes of cgroup '{_root}/devices/a': this command runs in it; hint: run it from another cgroup",
            e.Message);
    }

    private CgroupPlan Plan(string path)
    {
        CgroupTarget[] targets = new[] { "devices", "" }
            .Select(c => new CgroupHierarchy(c, _root + "/" + (c.Length == 0 ? "unified" : c), "/"))
            .Select(h => new CgroupTarget(h, path))
            .ToArray();
        foreach (CgroupTarget target in targets)
        {
            Directory.CreateDirectory(target.Hierarchy.MountPoint);
        }

        return new CgroupPlan(CgroupMode.Hybrid, targets);
    }
}
