using System;
using System.Diagnostics;
using System.Linq;
using Anocir.Linux;
using Anocir.Runtime.Cgroups;
using Anocir.Runtime.Cgroups.Devices;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;
using Xunit;
using Process = System.Diagnostics.Process;

namespace Anocir.Runtime.Tests.Cgroups.Devices;

/// <summary>Device rules of both kinds on this host's cgroups, with a shell inside that tries the devices.</summary>
public sealed class RealDevicesTests : IDisposable
{
    private readonly CgroupPlan _plan;

    public RealDevicesTests()
    {
        Assert.SkipUnless(Environment.UserName == "root", "needs root");
        _plan = CgroupfsDriver.Prepare(CgroupLayout.Detect(), null, $"anocir-test-{Guid.NewGuid():n}");
    }

    public void Dispose() => CgroupfsDriver.Destroy(_plan.Directories(), CgroupRemoval.KillProcesses);

    [Fact]
    public void DefaultRulesAllowNullAndDenyOthers()
    {
        using CgroupCreation creation = CgroupfsDriver.Create(_plan);
        CgroupDevices.Apply(_plan, creation, new LinuxConfig());
        AssertOnlyDefaults();
    }

    [Fact]
    public void RulesCanBeChangedLater()
    {
        using CgroupCreation creation = CgroupfsDriver.Create(_plan);
        LinuxConfig allowKmsg = Config(new DeviceRule { Allow = true, Type = "c", Major = 1, Minor = 11, Access = "rwm" });
        CgroupDevices.Apply(_plan, creation, allowKmsg);
        Assert.Equal("null kmsg", Inside());

        // A second creation takes the existing cgroup over: its old rules count.
        using CgroupCreation again = CgroupfsDriver.Create(_plan);
        Assert.Empty(again.Made);
        CgroupDevices.Apply(_plan, again, new LinuxConfig());
        AssertOnlyDefaults();
        CgroupDevices.Apply(_plan, again, Config(new DeviceRule { Allow = true, Access = "rwm" }));
        Assert.Equal("null kmsg", Inside());
    }

    /// <summary>On a hybrid host the v1 controller confines; the filter is tried on its v2 side.</summary>
    [Fact]
    public void FilterIsLoadedAttachedAndReplaced()
    {
        Assert.SkipWhen(_plan.Unified is null, "needs a cgroup2 mount");
        using CgroupCreation creation = CgroupfsDriver.Create(_plan);
        int fd = creation.UnifiedDirectory.Number;
        Span<uint> ids = stackalloc uint[4];
        SysResult probe = Sys.BpfQueryDeviceFilters(fd, ids);
        Assert.SkipWhen(probe.IsError, "needs CONFIG_CGROUP_BPF");

        DevicesV2.Apply(fd, _plan.Unified!.Directory, DeviceRuleSet.From(new LinuxConfig()), isNew: true);
        Assert.Equal(1, Sys.BpfQueryDeviceFilters(fd, ids).Int);
        uint first = ids[0];
        AssertOnlyDefaults();

        LinuxConfig everything = Config(new DeviceRule { Allow = true, Access = "rwm" });
        DevicesV2.Apply(fd, _plan.Unified.Directory, DeviceRuleSet.From(everything), isNew: false);
        Assert.Equal(1, Sys.BpfQueryDeviceFilters(fd, ids).Int);
        Assert.NotEqual(first, ids[0]);
        Assert.Equal("null kmsg", Inside());
    }

    [Fact]
    public void FailureNamesThePropertyAndTheCgroup()
    {
        ContainerException e = Assert.Throws<ContainerException>(
            () => DevicesV2.Apply(-1, "/sys/fs/cgroup/x", DeviceRuleSet.From(new LinuxConfig()), isNew: true));
        Assert.Equal(
            "cannot attach the device filter (linux.resources.devices) to cgroup '/sys/fs/cgroup/x': bad file descriptor (EBADF)",
            e.Message);
    }

    private void AssertOnlyDefaults() => Assert.Equal("null", Inside());

    /// <summary>Which of the two devices a process in the cgroup may open.</summary>
    private string Inside()
    {
        const string Script = "for d in null kmsg; do (: < /dev/$d) 2>/dev/null && printf '%s ' $d; done; exit 0";
        string enter = string.Concat(_plan.Directories().Select(d => $"echo $$ > {d}/cgroup.procs; "));
        using Process shell = Process.Start(new ProcessStartInfo("sh", ["-c", enter + Script]) { RedirectStandardOutput = true })!;
        string output = shell.StandardOutput.ReadToEnd().Trim();
        Assert.True(shell.WaitForExit(10_000));
        return output;
    }

    private static LinuxConfig Config(params DeviceRule[] rules) => new() { Resources = new Resources { Devices = rules } };
}
