using System;
using System.IO;
using System.Linq;
using Anocir.Runtime.Cgroups;
using Anocir.Runtime.Checks;
using Anocir.Runtime.Tests.Cgroups;
using Xunit;

namespace Anocir.Runtime.Tests.Checks;

/// <summary>Findings about cgroups, on a host that is a directory of files.</summary>
public sealed class CgroupCheckTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("anocir-check-").FullName;
    private readonly CheckReport _report = new();

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_user_is_told_how_to_have_controllers_delegated()
    {
        CgroupChecks checks = Unified(isRoot: false, "/user.slice", "memory pids");
        checks.Check(_report);
        checks.Require(_report, "linux.resources.cpu", "cpu");
        checks.Require(_report, "linux.resources.memory", "memory");

        Assert.Equal(
            ["cgroup controller cpu", "cgroup controller cpuset", "cgroup controller io", "linux.resources.cpu"],
            _report.Findings.Where(static f => f.Level != FindingLevel.Ok).Select(static f => f.Property));
        Assert.All(
            _report.Findings.Where(static f => f.Level != FindingLevel.Ok),
            static f => Assert.Contains("Delegate=cpu cpuset io memory pids", f.Fix, StringComparison.Ordinal));
        Assert.Equal("the controller cpu is not delegated to '/sys/fs/cgroup/user.slice'", _report.Findings[^1].Message);
        Assert.False(_report.IsOk);
    }

    [Fact]
    public void For_root_the_mount_point_counts()
    {
        CgroupChecks checks = Unified(isRoot: true, "/", "cpuset cpu io memory pids");
        checks.Check(_report);
        Assert.Equal(new Finding(FindingLevel.Ok, "cgroups", "version 2", ""), Assert.Single(_report.Findings));
    }

    [Fact]
    public void Threads_and_too_few_processes_are_found()
    {
        CgroupChecks checks = Unified(isRoot: true, "/own", "cpuset cpu io memory pids");
        File("/sys/fs/cgroup/cgroup.controllers", "cpuset cpu io memory pids");
        File("/sys/fs/cgroup/own/cgroup.type", "domain threaded\n");
        File("/sys/fs/cgroup/own/pids.max", "3\n");
        checks.Check(_report);

        Assert.Equal(
            [(FindingLevel.Warning, "/sys/fs/cgroup/own/cgroup.type"), (FindingLevel.Error, "/sys/fs/cgroup/own/pids.max")],
            _report.Findings.Where(static f => f.Level != FindingLevel.Ok).Select(static f => (f.Level, f.Property)));
    }

    [Fact]
    public void A_version_1_host_lacks_what_is_not_mounted()
    {
        var probe = new FakeProbe(
            "2:memory:/\n1:pids:/\n",
            new() { ["/sys/fs/cgroup"] = CgroupProbe.Tmpfs, ["/sys/fs/cgroup/memory"] = CgroupProbe.CgroupV1, ["/sys/fs/cgroup/pids"] = CgroupProbe.CgroupV1 });
        new CgroupChecks(_report, new HostFiles(_root), isRoot: true, probe).Check(_report);

        Assert.Equal(
            ["no hierarchy with the controller cpu is mounted", "no hierarchy with the controller cpuset is mounted", "no hierarchy with the controller blkio is mounted"],
            _report.Findings.Where(static f => f.Level == FindingLevel.Warning).Select(static f => f.Message));
    }

    [Fact]
    public void No_hierarchy_at_all_is_an_error()
    {
        var probe = new FakeProbe("0::/\n", new(), "");
        var checks = new CgroupChecks(_report, new HostFiles(_root), isRoot: true, probe);
        checks.Check(_report);
        checks.Require(_report, "linux.resources.cpu", "cpu");

        Finding finding = Assert.Single(_report.Findings);
        Assert.Equal((FindingLevel.Error, "cgroups"), (finding.Level, finding.Property));
        Assert.StartsWith("mount -t cgroup2", finding.Fix);
    }

    private CgroupChecks Unified(bool isRoot, string own, string controllers)
    {
        File("/sys/fs/cgroup" + (own == "/" ? "" : own) + "/cgroup.controllers", controllers + "\n");
        var probe = new FakeProbe("0::" + own + "\n", new() { ["/sys/fs/cgroup"] = CgroupProbe.CgroupV2 }) { Existing = { "/sys/fs/cgroup" + own } };
        return new CgroupChecks(_report, new HostFiles(_root), isRoot, probe);
    }

    private void File(string path, string text)
    {
        _ = Directory.CreateDirectory(Path.GetDirectoryName(_root + path)!);
        System.IO.File.WriteAllText(_root + path, text);
    }
}
