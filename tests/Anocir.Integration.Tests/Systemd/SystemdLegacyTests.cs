using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json.Nodes;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Systemd;

/// <summary>The systemd cgroup driver on cgroup v1, which systemd until version 257 can be booted with; it uses some of the hierarchies.</summary>
[Trait("Lane", "vm-v1")]
public sealed class SystemdLegacyTests : SystemdTest
{
    [Fact]
    public void A_container_is_a_scope_in_every_hierarchy_and_its_limits_stay()
    {
        Bundle bundle = NewBundle().Namespace("cgroup").Probe("cgroup", "ready", "block");
        bundle.Linux["resources"] = JsonNode.Parse("""
            {"memory":{"limit":67108864},"pids":{"limit":50},"cpu":{"shares":512,"quota":25000,"period":50000,"cpus":"0"},
             "devices":[{"allow":false,"access":"rwm"}]}
            """);
        CreateInScope(bundle);
        string path = $"/system.slice/{Unit}";
        foreach (string hierarchy in (string[])["name=systemd", "memory", "pids", "cpu,cpuacct", "cpuset", "devices", "freezer", "blkio"])
        {
            Assert.Single(Proc.Lines($"/proc/{Pid()}/cgroup"), line => line.EndsWith($":{hierarchy}:{path}", StringComparison.Ordinal));
        }

        Dictionary<string, string> shown = Show("ActiveState", "Slice", "MemoryLimit", "TasksMax", "CPUShares", "CPUQuotaPerSecUSec", "DevicePolicy");
        Assert.Equal(("active", "system.slice", "67108864", "50"), (shown["ActiveState"], shown["Slice"], shown["MemoryLimit"], shown["TasksMax"]));
        Assert.Equal(("512", "500ms", "strict"), (shown["CPUShares"], shown["CPUQuotaPerSecUSec"], shown["DevicePolicy"]));
        AssertFiles("67108864", "50", "512", "25000");
        Systemctl("daemon-reload");
        AssertFiles("67108864", "50", "512", "25000");
        Assert.DoesNotContain("a *:* rwm", Read("devices", "devices.list").Split('\n'));

        _ = Ok("start", Id);
        _ = Ok("update", "--memory", "50M", "--memory-swap", "-1", "--pids-limit", "33", "--cpu-share", "1024", "--cpu-quota", "10000", Id);
        AssertFiles("52428800", "33", "1024", "10000");
        Assert.Equal(("52428800", "33"), (Show("MemoryLimit")["MemoryLimit"], Show("TasksMax")["TasksMax"]));
        Systemctl("daemon-reload");
        AssertFiles("52428800", "33", "1024", "10000");

        _ = Ok("pause", Id);
        Assert.Equal("paused", Status());
        _ = Ok("resume", Id);
        string[] lines = Ok("exec", Id, "cat", "/proc/self/cgroup").Stdout.TrimEnd('\n').Split('\n');
        Assert.All(lines, static line => Assert.EndsWith(":/", line, StringComparison.Ordinal));
        DeleteWithUnit();

        void AssertFiles(string memory, string pids, string shares, string quota) => Assert.Equal(
            (memory, pids, shares, quota, "50000", "0"),
            (Read("memory", "memory.limit_in_bytes"), Read("pids", "pids.max"), Read("cpu", "cpu.shares"), Read("cpu", "cpu.cfs_quota_us"),
                Read("cpu", "cpu.cfs_period_us"), Read("cpuset", "cpuset.cpus")));

        string Read(string controller, string file) => File.ReadAllText($"/sys/fs/cgroup/{controller}{path}/{file}").TrimEnd();
    }

    [Fact]
    public void A_foreground_run_leaves_nothing_and_both_drivers_go_side_by_side()
    {
        Bundle bundle = NewBundle().WithoutNamespace("cgroup");
        bundle.Linux["resources"] = JsonNode.Parse("""{"pids":{"limit":1}}"""); // one process: when the helper is gone
        bundle.Args("cat", "/proc/self/cgroup");
        bundle.Linux["cgroupsPath"] = $"it{Environment.ProcessId}.slice:pre:{Tag}";
        bundle.Write();
        CliResult result = Ok(Driver, "run", "--bundle", bundle.Dir, Id);
        Assert.Equal("", result.Stderr);
        Assert.Contains(result.Stdout.Split('\n'), line => line.EndsWith($":pids:/it{Environment.ProcessId}.slice/pre-{Tag}.scope", StringComparison.Ordinal));
        Assert.Equal("not-found", ShowUnit($"pre-{Tag}.scope", "LoadState")["LoadState"]);

        bundle.Linux["cgroupsPath"] = "/" + Tag;
        result = RunBundle(bundle);
        Assert.Contains(result.Stdout.Split('\n'), line => line.EndsWith($":pids:/{Tag}", StringComparison.Ordinal));
    }

    [Fact]
    public void The_systemd_of_a_user_is_refused_with_a_way_out()
    {
        Bundle bundle = NewBundle().Args("true");
        bundle.Write();
        var bus = new SpawnOptions { Environment = new() { ["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/run/user/1000/bus" } };
        CliResult result = Anocir(bus, "--rootless=true", Driver, "create", "--bundle", bundle.Dir, Id);
        Assert.Equal(1, result.Code);
        Assert.Contains("cannot use the systemd of a user with cgroup v1; hint: boot with systemd.unified_cgroup_hierarchy=1", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_hierarchies_are_those_that_were_asked_for() =>
        Assert.Equal(
            Environment.GetEnvironmentVariable("ANOCIR_VM_CGROUPS") == "hybrid",
            Cgroups.Hierarchies().Contains("/sys/fs/cgroup/unified"));
}
