using System;
using System.IO;
using System.Text.Json.Nodes;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Resources;

/// <summary>linux.resources at create, and update.</summary>
public sealed class UpdateTests : ContainerTest
{
    private readonly Limit _limit;

    public UpdateTests()
    {
        Require.Controller("memory");
        Require.Controller("pids");
        Require.Controller("cpu");
        _limit = new Limit(Tag);
    }

    [Fact]
    public void Limits_hold_from_create_on_and_change_by_update()
    {
        Bundle bundle = NewBundle().Probe("block");
        bundle.Linux["resources"] = JsonNode.Parse("""
            {"memory":{"limit":67108864,"reservation":33554432},"cpu":{"shares":512,"quota":50000,"period":100000},"pids":{"limit":20}}
            """);
        _ = Create(bundle);
        AssertLimits("67108864", "33554432", "512", "59", "50000 100000", "20");

        _ = Silent("update", "--memory", "100M", "--memory-reservation", "20m", "--pids-limit", "0", Id);
        _ = Silent("update", Id, "--cpu-share=1024");
        AssertLimits("104857600", "20971520", "1024", "100", "50000 100000", "1");

        // Half a pair keeps the other half, of the last update too; the container runs meanwhile.
        _ = Ok("start", Id);
        _ = Silent("update", "--cpu-period", "50000", Id);
        AssertBandwidth("50000 50000");
        _ = Silent("update", "--cpu-quota", "20000", Id);
        AssertBandwidth("20000 50000");
        _ = Silent("update", "--cpu-quota", "-1", "--memory", "-1", "--pids-limit", "-1", Id);
        AssertBandwidth("max 50000");
        Assert.Equal("max", _limit["pids.max"]);
        Assert.Contains(_limit["memory.limit_in_bytes", "memory.max"], (string[])["9223372036854771712", "max"]);

        CliResult result = Anocir(new SpawnOptions { Input = """{"memory":{"limit":33554432},"CPU":{"Shares":256},"pids":{"limit":7}}""" }, "update", "-r", "-", Id);
        Assert.Equal((0, "", ""), (result.Code, result.Stdout, result.Stderr));
        AssertLimits("33554432", "20971520", "256", "35", "max 50000", "7");

        // Of values that are refused together none stays.
        string file = Temp + "/resources.json";
        File.WriteAllText(file, """{"pids":{"limit":9},"memory":{"limit":16777216},"cpu":{"quota":1,"period":50000}}""");
        CliResult refused = Anocir("update", "--resources", file, Id);
        Assert.Equal(1, refused.Code);
        Assert.Contains("(linux.resources.cpu.quota): invalid argument (EINVAL); hint: a period must be from 1000 to 1000000", refused.Error, StringComparison.Ordinal);
        AssertLimits("33554432", "20971520", "256", "35", "max 50000", "7");
        _ = Fails("invalid value for memory: \"lots\" is not a size", "update", "--memory", "lots", Id);
        _ = Fails("rejecting memory limit 4096 <= usage", ["update", "--resources", Write("""{"memory":{"limit":4096,"checkBeforeUpdate":true}}"""), Id]);

        _ = Fails("updating a non-existent Intel RDT configuration is not supported; hint: create the container with linux.intelRdt",
            "update", "--pids-limit", "6", "--l3-cache-schema", "L3:0=1", Id);
        Assert.NotEqual("6", _limit["pids.max"]);

        _ = Ok("kill", Id, "KILL");
        WaitForStatus("stopped");
        _ = Fails("container not running", "update", "--pids-limit", "5", Id);
        Delete();
    }

    [Fact]
    public void A_refused_update_brings_idleness_and_weight_back()
    {
        // What is refused comes after cpu.idle, which has another place in each version's order.
        string Refused(string cpu) => Write("{\"cpu\":{" + cpu + (Limit.IsUnified ? ",\"quota\":1}}" : "},\"pids\":{\"limit\":5000000}}"));
        Bundle bundle = NewBundle().Probe("block");
        bundle.Linux["resources"] = JsonNode.Parse("""{"cpu":{"shares":512}}""");
        _ = Create(bundle);

        _ = Fails("invalid argument (EINVAL)", "update", "--resources", Refused("\"idle\":1"), Id);
        Assert.Equal(("0", Limit.IsUnified ? "59" : "512"), (_limit["cpu.idle"], _limit["cpu.shares", "cpu.weight"]));

        _ = Silent("update", "--cpu-idle", "1", Id);
        _ = Fails("invalid argument (EINVAL)", "update", "--resources", Refused("\"idle\":0"), Id);
        Assert.Equal("1", _limit["cpu.idle"]);
        _ = Fails("hint: a cgroup with cpu.idle 1 has no weight: set linux.resources.cpu.idle to 0 first", "update", "--cpu-share", "256", Id);
        _ = Fails("(linux.resources.cpu.idle): invalid argument (EINVAL); hint: cpu.idle is 0 or 1", "update", "--cpu-idle", "2", Id);
        Delete();
    }

    [Fact]
    public void The_OOM_killer_is_switched_off_and_on_again()
    {
        _ = Create(NewBundle().Probe("block"));
        CliResult off = Ok("update", "--resources", Write("""{"memory":{"disableOOMKiller":true}}"""), Id);
        if (Limit.IsUnified)
        {
            Assert.Contains("linux.resources.memory.disableOOMKiller: not changed by update, ignoring", off.Stderr, StringComparison.Ordinal);
            Delete();
            return;
        }

        Assert.Equal("", off.Stdout + off.Stderr);
        Assert.StartsWith("oom_kill_disable 1", _limit["memory.oom_control"], StringComparison.Ordinal);
        _ = Silent("update", "--resources", Write("""{"memory":{"disableOOMKiller":false}}"""), Id);
        Assert.StartsWith("oom_kill_disable 0", _limit["memory.oom_control"], StringComparison.Ordinal);
        Delete();
    }

    [Fact]
    public void An_updated_foreground_container_leaves_nothing()
    {
        Bundle bundle = NewBundle().Probe("ready", "block");
        bundle.Write();
        using Spawned run = Start("run", "--bundle", bundle.Dir, Id);
        run.WaitForOutput("ready");
        _ = Silent("update", "--pids-limit", "7", Id);
        Assert.Equal("7", _limit["pids.max"]);
        _ = Ok("kill", Id, "KILL");
        Assert.Equal(137, run.Wait().Code);
        Assert.Empty(Directory.GetFileSystemEntries(Root));
    }

    [Fact]
    public void What_only_one_version_has()
    {
        Bundle bundle = NewBundle().Args("/bin/true");
        bundle.Linux["resources"] = JsonNode.Parse("""{"unified":{"memory.high":"50000000","pids.max":"12"},"pids":{"limit":99}}""");
        if (!Limit.IsUnified)
        {
            bundle.Write();
            _ = Fails("linux.resources.unified: invalid configuration: cannot use unified on cgroup v1", "create", "--bundle", bundle.Dir, Id);
            return;
        }

        _ = Create(bundle);
        Assert.Equal("49999872", _limit["memory.high"]);
        Assert.Equal("12", _limit["pids.max"]);
        Delete();
        bundle.Linux["resources"] = JsonNode.Parse("""{"unified":{"nosuch.max":"0"}}""");
        bundle.Write();
        _ = Fails("unified resource \"nosuch.max\" can't be set: controller \"nosuch\" not available", "create", "--bundle", bundle.Dir, Id);
    }

    [Fact]
    public void A_limit_that_cannot_be_applied_fails_the_creation_and_leaves_nothing()
    {
        Bundle bundle = NewBundle().Args("/bin/true");
        bundle.Linux["resources"] = JsonNode.Parse("""{"hugepageLimits":[{"pagesize":"3MB","limit":0}],"pids":{"limit":20}}""");
        bundle.Write();
        _ = Fails("linux.resources.hugepageLimits[0]", "create", "--bundle", bundle.Dir, Id);
        bundle.Linux["resources"] = JsonNode.Parse("""{"cpu":{"period":7}}""");
        bundle.Write();
        _ = Fails("(linux.resources.cpu.period): invalid argument (EINVAL)", "create", "--bundle", bundle.Dir, Id);
    }

    [Fact]
    public void A_container_starts_in_one_mebibyte()
    {
        Bundle bundle = NewBundle().Args("/bin/true");
        bundle.Linux["resources"] = JsonNode.Parse("""{"memory":{"limit":1048576}}""");
        _ = RunBundle(bundle);
    }

    [Fact]
    public void Cpusets()
    {
        Require.Controller("cpuset");
        Require.TwoCpus();
        Bundle bundle = NewBundle().Args("/bin/grep", "Cpus_allowed_list", "/proc/self/status");
        bundle.Linux["resources"] = JsonNode.Parse("""{"cpu":{"cpus":"1","mems":"0"}}""");
        Assert.Equal("Cpus_allowed_list:\t1\n", RunBundle(bundle).Stdout);
        bundle.Linux["resources"] = JsonNode.Parse("""{"cpu":{"cpus":"4000"}}""");
        bundle.Write();
        _ = Fails("(linux.resources.cpu.cpus)", "create", "--bundle", bundle.Dir, Id);
    }

    private string Write(string resources)
    {
        File.WriteAllText(Temp + "/r.json", resources);
        return Temp + "/r.json";
    }

    private CliResult Silent(params string[] args)
    {
        CliResult result = Ok(args);
        Assert.Equal("", result.Stdout + result.Stderr);
        return result;
    }

    private void AssertLimits(string memory, string reservation, string shares, string weight, string bandwidth, string pids)
    {
        Assert.Equal(memory, _limit["memory.limit_in_bytes", "memory.max"]);
        Assert.Equal(reservation, _limit["memory.soft_limit_in_bytes", "memory.low"]);
        Assert.Equal(Limit.IsUnified ? weight : shares, _limit["cpu.shares", "cpu.weight"]);
        Assert.Equal(pids, _limit["pids.max"]);
        AssertBandwidth(bandwidth);
    }

    private void AssertBandwidth(string expected) => Assert.Equal(
        expected, Limit.IsUnified ? _limit["cpu.max"] : $"{_limit["cpu.cfs_quota_us"]!.Replace("-1", "max", StringComparison.Ordinal)} {_limit["cpu.cfs_period_us"]}");
}
