using System;
using System.Collections.Generic;
using Anocir.Runtime.Cgroups;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;
using Xunit;

namespace Anocir.Runtime.Tests.Cgroups;

/// <summary>Which cgroups a user without root can have, on hosts described by what may be written.</summary>
public sealed class WritableCgroupsTests
{
    private const string Mount = "/sys/fs/cgroup";

    [Theory]

    // A session of systemd: nothing above the scope is the user's.
    [InlineData("/user.slice/session-1.scope", "/user.slice/c", "", false)]

    // Delegated: the subtree, its cgroup.procs, and the place of the caller in it.
    [InlineData("/user@1/app/shell", "/user@1/app/c", "/user@1/app /user@1/app/cgroup.procs", true)]

    // The directory alone is not enough: the way from the caller's cgroup leads through the common ancestor.
    [InlineData("/session", "/user@1/c", "/user@1 /user@1/cgroup.procs", false)]
    [InlineData("/user@1/app/shell", "/user@1/app/c", "/user@1/app", false)]

    // Several levels are missing.
    [InlineData("/user@1/shell", "/user@1/a/b/c", "/user@1 /user@1/cgroup.procs", true)]
    public void A_v2_cgroup_needs_its_parent_and_the_way_there(string own, string path, string writable, bool usable)
    {
        CgroupPlan plan = Plan(CgroupMode.Unified, ("", Mount, own, path));

        Assert.Equal(usable ? 1 : 0, WritableCgroups.Select(plan, Probe("/user@1 /user@1/app /user.slice", writable)).Targets.Length);
    }

    [Fact]
    public void On_v1_each_hierarchy_is_judged_alone_and_the_callers_cgroup_is_shown_for_the_rest()
    {
        CgroupPlan plan = Plan(CgroupMode.Legacy, ("pids", Mount + "/pids", "/mine", "/mine/c"), ("memory", Mount + "/memory", "/", "/c"));

        CgroupPlan usable = WritableCgroups.Select(plan, Probe("/pids/mine /memory", "/pids/mine"));

        Assert.Equal(["/sys/fs/cgroup/pids/mine/c"], usable.Directories());
        Assert.Equal(["/sys/fs/cgroup/pids/mine/c", "/sys/fs/cgroup/memory"], WritableCgroups.Shown(plan, usable).Directories());
        WritableCgroups.RequireLimits(plan, usable, new Resources { Pids = new PidsResources { Limit = 5 } });
        Assert.StartsWith(
            "cannot set memory limit: container could not join or create cgroup '/sys/fs/cgroup/memory/c' (linux.resources.memory.limit); hint: ",
            Assert.Throws<ContainerException>(() => WritableCgroups.RequireLimits(plan, usable, new Resources { Memory = new MemoryResources { Limit = 1 << 20 } })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_v2_cgroup_any_limit_is_refused_and_its_absence_is_fine()
    {
        CgroupPlan plan = Plan(CgroupMode.Unified, ("", Mount, "/", "/c"));
        CgroupPlan nothing = new(CgroupMode.Unified, []);

        WritableCgroups.RequireLimits(plan, nothing, null);
        WritableCgroups.RequireLimits(plan, nothing, new Resources { Pids = new PidsResources { Limit = -1 }, Cpu = new CpuResources { Shares = 0 } });
        foreach (Resources asked in (Resources[])[
            new() { Pids = new PidsResources { Limit = 5 } },
            new() { Cpu = new CpuResources { Cpus = "0" } },
            new() { Unified = [new KeyValuePair<string, string>("memory.high", "1")] }])
        {
            Assert.StartsWith(
                "rootless needs no limits + no cgrouppath when no permission is granted for cgroups: cannot create cgroup '/sys/fs/cgroup/c': permission denied (EACCES)",
                Assert.Throws<ContainerException>(() => WritableCgroups.RequireLimits(plan, nothing, asked)).Message,
                StringComparison.Ordinal);
        }
    }

    private static CgroupPlan Plan(CgroupMode mode, params (string Controllers, string Mount, string Own, string Path)[] targets) =>
        new(mode, Array.ConvertAll(targets, static t => new CgroupTarget(new CgroupHierarchy(t.Controllers, t.Mount, t.Own), t.Path)));

    private static WritableProbe Probe(string existing, string writable) => new(Set(existing), Set(writable));

    private static HashSet<string> Set(string words) =>
        [.. Array.ConvertAll(words.Split(' ', StringSplitOptions.RemoveEmptyEntries), static word => Mount + word)];

    private sealed class WritableProbe(HashSet<string> existing, HashSet<string> writable) : CgroupProbe
    {
        public override bool Exists(string path) => existing.Contains(path);

        public override bool CanWrite(string path) => writable.Contains(path);
    }
}
