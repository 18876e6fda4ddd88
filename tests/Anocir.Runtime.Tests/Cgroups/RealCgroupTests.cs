using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Anocir.Runtime.Cgroups;
using Anocir.Runtime.Errors;
using Xunit;

namespace Anocir.Runtime.Tests.Cgroups;

/// <summary>The driver on this host's cgroups, in sub-cgroups named anocir-test-…</summary>
public sealed class RealCgroupTests : IDisposable
{
    private readonly CgroupPlan _plan;
    private readonly Process _sleeper;

    public RealCgroupTests()
    {
        Assert.SkipUnless(Environment.UserName == "root", "needs root");
        CgroupLayout layout = CgroupLayout.Detect();
        _plan = CgroupfsDriver.Prepare(layout, null, $"anocir-test-{Guid.NewGuid():n}");
        _sleeper = Process.Start("sleep", "1000");
    }

    public void Dispose()
    {
        CgroupfsDriver.Destroy(_plan.Directories(), CgroupRemoval.KillProcesses);
        _sleeper.Kill();
        Assert.True(_sleeper.WaitForExit(10_000));
        _sleeper.Dispose();
        Assert.All(_plan.Directories(), d => Assert.False(Directory.Exists(d)));
    }

    [Fact]
    public void JoinPutsAProcessIntoEveryHierarchyAndDestroyKillsIt()
    {
        using CgroupCreation creation = CgroupfsDriver.Create(_plan);
        Assert.Equal(_plan.Directories(), creation.Made);
        CgroupfsDriver.Join(_plan, _sleeper.Id);
        string[] lines = File.ReadAllLines($"/proc/{_sleeper.Id}/cgroup");
        foreach (CgroupTarget target in _plan.Targets)
        {
            Assert.Contains(lines, l => l.EndsWith($":{target.Hierarchy.Controllers}:{target.Path}", StringComparison.Ordinal));
        }

        ContainerException e = Assert.Throws<ContainerException>(() => CgroupfsDriver.Create(_plan));
        Assert.Equal("container's cgroup is not empty: 1 process(es) found", e.Message);

        CgroupfsDriver.Destroy(_plan.Directories(), CgroupRemoval.OnlyEmpty);
        Assert.False(_sleeper.HasExited);
        Assert.All(_plan.Directories(), d => Assert.True(Directory.Exists(d)));

        CgroupfsDriver.Destroy(_plan.Directories(), CgroupRemoval.KillProcesses);
        Assert.True(_sleeper.WaitForExit(10_000));
        Assert.Equal(137, _sleeper.ExitCode);
    }

    [Fact]
    public void SelfJoinFilesTakeAThreadThatNamesItself()
    {
        using CgroupCreation creation = CgroupfsDriver.Create(_plan);
        string script = string.Concat(_plan.SelfJoinFiles().Select(f => $"echo 0 > {f}; ")) + "cat /proc/self/cgroup";
        using Process shell = Process.Start(new ProcessStartInfo("sh", ["-c", script]) { RedirectStandardOutput = true })!;
        string[] lines = shell.StandardOutput.ReadToEnd().Split('\n');
        foreach (CgroupTarget target in _plan.Targets.Where(t => !t.Hierarchy.IsUnified))
        {
            Assert.Contains(lines, l => l.EndsWith($":{target.Hierarchy.Controllers}:{target.Path}", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void DestroyRemovesSubCgroupsWithTheirProcesses()
    {
        using CgroupCreation creation = CgroupfsDriver.Create(_plan);
        foreach (string directory in _plan.Directories())
        {
            Directory.CreateDirectory(directory + "/sub/deeper");
        }

        string file = _plan.Targets.First(t => t.Hierarchy.IsUnified || t.Hierarchy.Has("pids")).Directory + "/sub/deeper/cgroup.procs";
        File.WriteAllText(file, $"{_sleeper.Id}");
        CgroupfsDriver.Destroy(_plan.Directories(), CgroupRemoval.KillProcesses);
        Assert.True(_sleeper.WaitForExit(10_000));
        Assert.All(_plan.Directories(), d => Assert.False(Directory.Exists(d)));
    }

    [Fact]
    public void DestroyKillsFrozenProcesses()
    {
        using CgroupCreation creation = CgroupfsDriver.Create(_plan);
        string? directory = (_plan.Find("freezer") ?? _plan.Unified)?.Directory;
        Assert.SkipWhen(directory is null, "needs a freezer");
        CgroupfsDriver.Join(_plan, _sleeper.Id);
        bool v1 = File.Exists(directory + "/freezer.state");
        File.WriteAllText(directory + (v1 ? "/freezer.state" : "/cgroup.freeze"), v1 ? "FROZEN" : "1");
        CgroupfsDriver.Destroy(_plan.Directories(), CgroupRemoval.KillProcesses);
        Assert.True(_sleeper.WaitForExit(10_000));
    }

    [Fact]
    public void NestedCpusetsAreFilledFromTheirParents()
    {
        Assert.SkipWhen(_plan.Find("cpuset") is null, "needs a cpuset v1 hierarchy");
        CgroupTarget[] nested = [.. _plan.Targets.Select(t => new CgroupTarget(t.Hierarchy, t.Path + "/x/y"))];
        var plan = new CgroupPlan(_plan.Mode, nested);
        string top = _plan.Find("cpuset")!.Directory;
        Directory.CreateDirectory(top); // exists and is empty: filled on the way
        using CgroupCreation creation = CgroupfsDriver.Create(plan);
        string all = File.ReadAllText(_plan.Find("cpuset")!.Hierarchy.MountPoint + "/cpuset.cpus");
        Assert.Equal(all, File.ReadAllText(top + "/cpuset.cpus"));
        Assert.Equal(all, File.ReadAllText(top + "/x/y/cpuset.cpus"));
        CgroupfsDriver.Join(plan, _sleeper.Id);
    }

    [Fact]
    public void UnifiedCgroupGetsTheControllersOfTheHost()
    {
        Assert.SkipUnless(_plan.Mode == CgroupMode.Unified, "needs a unified host");
        CgroupTarget nested = new(_plan.Targets[0].Hierarchy, _plan.Targets[0].Path + "/x/y");
        using CgroupCreation creation = CgroupfsDriver.Create(new CgroupPlan(_plan.Mode, [nested]));
        Assert.Equal(3, creation.Made.Count);
        string all = File.ReadAllText(nested.Hierarchy.MountPoint + "/cgroup.controllers");
        Assert.Equal(all, File.ReadAllText(nested.Directory + "/cgroup.controllers"));
    }

    /// <summary>Below a cgroup that is threaded only threaded cgroups can be entered.</summary>
    [Fact]
    public void UnifiedCgroupBelowAThreadedOneBecomesThreaded()
    {
        Assert.SkipUnless(_plan.Mode == CgroupMode.Unified, "needs a unified host");
        string top = _plan.Targets[0].Directory;
        Directory.CreateDirectory(top + "/parent");
        File.WriteAllText(top + "/parent/cgroup.type", "threaded");
        CgroupTarget nested = new(_plan.Targets[0].Hierarchy, _plan.Targets[0].Path + "/parent/x");
        using CgroupCreation creation = CgroupfsDriver.Create(new CgroupPlan(_plan.Mode, [nested]));
        Assert.Equal("threaded\n", File.ReadAllText(nested.Directory + "/cgroup.type"));
    }
}
