using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json.Nodes;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Systemd;

/// <summary>A container whose limits change, or whose systemd or bus begins anew.</summary>
[Trait("Lane", "vm")]
public sealed class SystemdChangeTests : SystemdTest
{
    private string Directory => "/sys/fs/cgroup/system.slice/" + Unit;

    [Fact]
    public void An_update_holds_when_systemd_looks_at_its_units_again_or_begins_anew()
    {
        Bundle bundle = NewBundle().Probe("block");
        bundle.Linux["resources"] = JsonNode.Parse(
            """{"memory":{"limit":67108864},"pids":{"limit":50},"cpu":{"shares":1024,"quota":25000,"period":50000,"cpus":"0-1"}}""");
        CreateInScope(bundle);
        _ = Ok("start", Id);

        _ = Ok("update", "--memory", "50M", "--memory-reservation", "20M", "--pids-limit", "33", "--cpu-quota", "10000", "--cpu-share", "512", "--cpuset-cpus", "1", Id);

        Dictionary<string, string> shown = Show("MemoryMax", "MemoryLow", "TasksMax", "CPUQuotaPerSecUSec", "CPUQuotaPeriodUSec", "CPUWeight", "AllowedCPUs");
        Assert.Equal(("52428800", "20971520", "33"), (shown["MemoryMax"], shown["MemoryLow"], shown["TasksMax"]));
        Assert.Equal(("200ms", "50ms", "59", "1"), (shown["CPUQuotaPerSecUSec"], shown["CPUQuotaPeriodUSec"], shown["CPUWeight"], shown["AllowedCPUs"]));
        AssertFiles();
        Systemctl("daemon-reload");
        AssertFiles();
        Systemctl("daemon-reexec");
        AssertFiles();

        // What it had before is not taken back either, and the container can be worked with.
        Assert.Equal("no", Show("NeedDaemonReload")["NeedDaemonReload"]);
        _ = Ok("update", "--pids-limit", "-1", Id);
        Systemctl("daemon-reload");
        Assert.Equal(("max", "infinity"), (Read("pids.max"), Show("TasksMax")["TasksMax"]));
        _ = Ok("pause", Id);
        Assert.Equal("paused", Status());
        _ = Ok("resume", Id);
        Assert.Equal("0::/\n", Ok("exec", Id, "cat", "/proc/self/cgroup").Stdout.Replace("/system.slice/" + Unit, "/", StringComparison.Ordinal));
        DeleteWithUnit();

        void AssertFiles() => Assert.Equal(
            ("52428800", "20971520", "33", "10000 50000", "59", "1"),
            (Read("memory.max"), Read("memory.low"), Read("pids.max"), Read("cpu.max"), Read("cpu.weight"), Read("cpuset.cpus")));
    }

    // systemd hears of the new values before the files get them: it must hear of the old ones again.
    [Fact]
    public void A_refused_update_is_taken_back_from_systemd_too()
    {
        Bundle bundle = NewBundle().Probe("block");
        bundle.Linux["resources"] = JsonNode.Parse("""{"memory":{"limit":67108864},"pids":{"limit":50},"cpu":{"shares":512}}""");
        CreateInScope(bundle);

        File.WriteAllText(Temp + "/update.json", """{"memory":{"limit":33554432},"pids":{"limit":20},"cpu":{"shares":200},"unified":{"memory.oom.group":"7"}}""");

        _ = Fails("(linux.resources.unified[\"memory.oom.group\"])", "update", "--resources", Temp + "/update.json", Id);

        AssertOld();
        Systemctl("daemon-reload");
        AssertOld();

        // Idle is a weight for systemd, and loses that of the kernel.
        File.WriteAllText(Temp + "/update.json", """{"cpu":{"idle":1},"unified":{"memory.oom.group":"7"}}""");
        _ = Fails("(linux.resources.unified[\"memory.oom.group\"])", "update", "--resources", Temp + "/update.json", Id);
        AssertOld();
        Systemctl("daemon-reload");
        AssertOld();
        DeleteWithUnit();

        void AssertOld()
        {
            Assert.Equal(("67108864", "50", "59", "0"), (Read("memory.max"), Read("pids.max"), Read("cpu.weight"), Read("cpu.idle")));
            Dictionary<string, string> shown = Show("MemoryMax", "TasksMax", "CPUWeight");
            Assert.Equal(("67108864", "50", "59"), (shown["MemoryMax"], shown["TasksMax"], shown["CPUWeight"]));
        }
    }

    [Fact]
    public void Idle_wins_over_a_weight_of_the_same_update_and_gives_way_to_the_next()
    {
        CreateInScope(NewBundle().Probe("block"));

        CliResult both = Ok("update", "--cpu-share", "200", "--cpu-idle", "1", Id);

        Assert.Contains("level=warning msg=\"unable to apply both cpu.weight and cpu.idle to systemd, ignoring cpu.weight\"", both.Stderr, StringComparison.Ordinal);
        Assert.Equal("1", Read("cpu.idle"));
        Systemctl("daemon-reload");
        Assert.Equal("1", Read("cpu.idle"));
        Assert.Equal("", Ok("update", "--cpu-share", "512", Id).Stderr);
        Assert.Equal(("0", "59", "59"), (Read("cpu.idle"), Read("cpu.weight"), Show("CPUWeight")["CPUWeight"]));
        DeleteWithUnit();
    }

    // The helper, which clones init in the scope, would be one too many.
    [Fact]
    public void A_limit_of_a_single_process_holds_for_the_container_alone()
    {
        Bundle bundle = NewBundle().Probe("block");
        bundle.Linux["resources"] = JsonNode.Parse("""{"pids":{"limit":0}}""");
        CreateInScope(bundle);
        Assert.Equal(("1", "1"), (Read("pids.max"), Show("TasksMax")["TasksMax"]));
        Systemctl("daemon-reload");
        Assert.Equal("1", Read("pids.max"));
        _ = Ok("start", Id);
        DeleteWithUnit();
    }

    [Fact]
    public void A_failed_unit_of_that_name_is_put_away()
    {
        CliResult before = Cli.Execute(
            ["/usr/bin/systemd-run", "--quiet", "--scope", "--unit=" + Unit, "--property=RuntimeMaxSec=1s", "sleep", "1000"], new());
        Assert.NotEqual(0, before.Code);
        Deadline.WaitFor(() => Show("ActiveState")["ActiveState"] == "failed", "the scope to fail");

        Bundle bundle = NewBundle().Args("true");
        bundle.Write();
        CliResult result = Ok(Driver, "run", "--bundle", bundle.Dir, Id);

        Assert.Equal("", result.Stdout + result.Stderr);
        Assert.Equal("not-found", Show("LoadState")["LoadState"]);
    }

    [Fact]
    public void A_container_whose_unit_failed_leaves_none()
    {
        Bundle bundle = NewBundle().Probe("block");
        bundle.Config["annotations"] = new JsonObject { ["org.systemd.property.RuntimeMaxSec"] = "1" };
        CreateInScope(bundle);
        Deadline.WaitFor(() => Show("ActiveState")["ActiveState"] == "failed", "the scope to fail");
        WaitForStatus("stopped");
        DeleteWithUnit();
    }

    // Each command meets the restart at another moment; none may fail, hang or leave something.
    [Theory]
    [InlineData("restart", "dbus.service")]
    [InlineData("daemon-reexec", null)]
    public void A_bus_or_a_systemd_that_begins_anew_meanwhile_is_survived(string verb, string? unit)
    {
        const int Rounds = 3;
        Bundle bundle = NewBundle().Args("true");
        bundle.Write();
        try
        {
            for (int i = 0; i < Rounds; i++)
            {
                using Spawned restart = Cli.Start(["/usr/bin/systemctl", verb, .. unit is null ? (string[])[] : [unit]], new());
                CliResult result = Ok(Driver, "run", "--bundle", bundle.Dir, Id);
                Assert.Equal("", result.Stdout + result.Stderr);
                CliResult restarted = restart.Wait();
                Assert.True(restarted.Code == 0, restarted.ToString());
            }
        }
        finally
        {
            ReconnectUserSystemd();
        }

        Deadline.WaitFor(() => Show("LoadState")["LoadState"] == "not-found", "no unit to be left");
    }

    private string Read(string file) => File.ReadAllText(Directory + "/" + file).TrimEnd();
}
