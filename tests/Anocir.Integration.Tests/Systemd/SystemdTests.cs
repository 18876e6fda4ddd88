using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json.Nodes;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Systemd;

/// <summary>The systemd cgroup driver with a real systemd.</summary>
[Trait("Lane", "vm")]
public sealed class SystemdTests : SystemdTest
{
    [Fact]
    public void A_container_is_a_scope_with_its_limits_and_leaves_nothing()
    {
        Bundle bundle = NewBundle().Probe("cgroup", "ready", "block");
        bundle.Linux["resources"] = JsonNode.Parse("""
            {"memory":{"limit":67108864,"reservation":33554432,"swap":134217728},"pids":{"limit":50},
             "cpu":{"shares":512,"quota":25000,"period":50000,"cpus":"0"},"devices":[{"allow":false,"access":"rwm"}]}
            """);
        bundle.Config["annotations"] = new JsonObject
        {
            ["org.systemd.property.TimeoutStopSec"] = "7",
            ["org.systemd.property.CollectMode"] = "'inactive-or-failed'",
        };
        bundle.Namespace("cgroup");
        bundle.Write();
        using Spawned created = Start([Driver, "create", "--bundle", bundle.Dir, Id]);
        CliResult result = created.Wait();
        Assert.True(result.Code == 0 && result.Stderr.Length == 0, result.ToString());

        // Of systemd: the unit and what it was told.
        int init = Pid();
        string path = $"/system.slice/{Unit}";
        Assert.Equal(["0::" + path], Proc.Lines($"/proc/{init}/cgroup"));
        Dictionary<string, string> shown = Show(
            "LoadState", "ActiveState", "Slice", "Description", "Delegate", "MemoryMax", "MemoryLow", "MemorySwapMax", "TasksMax", "CPUWeight",
            "CPUQuotaPerSecUSec", "CPUQuotaPeriodUSec", "AllowedCPUs", "TimeoutStopUSec", "CollectMode", "DevicePolicy", "DeviceAllow", "MemoryAccounting");
        Assert.Equal(("loaded", "active", "system.slice", "anocir container " + Id), (shown["LoadState"], shown["ActiveState"], shown["Slice"], shown["Description"]));
        Assert.Equal(("yes", "yes", "strict"), (shown["Delegate"], shown["MemoryAccounting"], shown["DevicePolicy"]));
        Assert.Equal(("67108864", "33554432", "67108864", "50"), (shown["MemoryMax"], shown["MemoryLow"], shown["MemorySwapMax"], shown["TasksMax"]));
        Assert.Equal(("500ms", "50ms", "0"), (shown["CPUQuotaPerSecUSec"], shown["CPUQuotaPeriodUSec"], shown["AllowedCPUs"]));
        Assert.Equal(("7s", "inactive-or-failed"), (shown["TimeoutStopUSec"], shown["CollectMode"]));
        Assert.Contains("/dev/char/1:3", shown["DeviceAllow"], StringComparison.Ordinal);

        // In the files, which are what counts.
        string directory = "/sys/fs/cgroup" + path;
        Assert.Equal(
            ("67108864", "33554432", "50", "25000 50000", "0"),
            (Read("memory.max"), Read("memory.low"), Read("pids.max"), Read("cpu.max"), Read("cpuset.cpus")));
        Assert.Equal(shown["CPUWeight"], Read("cpu.weight"));

        // And systemd does not take it back when it looks at its units again.
        Systemctl("daemon-reload");
        Assert.Equal(("67108864", "50", "25000 50000"), (Read("memory.max"), Read("pids.max"), Read("cpu.max")));

        _ = Ok(Driver, "start", Id);
        created.WaitForOutput("ready");
        Assert.Contains("cgroup\t0::/\n", created.Stdout, StringComparison.Ordinal);
        Delete();
        Assert.Equal("not-found", Show("LoadState")["LoadState"]);
        Assert.False(Directory.Exists(directory));

        string Read(string file) => File.ReadAllText(directory + "/" + file).TrimEnd();
    }

    [Fact]
    public void The_slice_and_the_name_are_those_of_the_path()
    {
        Bundle bundle = NewBundle().Shell("cat /proc/self/cgroup");
        bundle.Linux["cgroupsPath"] = $"it-{Tag.Replace("-", "_", StringComparison.Ordinal)}.slice:pre:{Tag}";
        bundle.WithoutNamespace("cgroup");
        bundle.Write();

        CliResult result = Anocir([Driver, "run", "--bundle", bundle.Dir, Id]);

        string slice = $"it-{Tag.Replace("-", "_", StringComparison.Ordinal)}.slice";
        Assert.True(result.Code == 0, result.ToString());
        Assert.Equal($"0::/it.slice/{slice}/pre-{Tag}.scope\n", result.Stdout);
        Assert.Equal("", result.Stderr);
        Assert.Equal("not-found", ShowUnit($"pre-{Tag}.scope", "LoadState")["LoadState"]);
    }

    [Fact]
    public void What_systemd_refuses_is_told_and_leaves_nothing()
    {
        Bundle bundle = NewBundle().Args("true");
        Refused(
            bundle, static b => b.Linux["cgroupsPath"] = "/a/b",
            "expected cgroupsPath to be of format \"slice:prefix:name\" for systemd cgroups, got \"/a/b\" instead");
        Refused(bundle, static b => b.Linux["cgroupsPath"] = "a--b.slice:p:n", "invalid slice name: 'a--b.slice'");
        Refused(bundle, static b => b.Linux["cgroupsPath"] = ":p:n.slice", "'n.slice' is a slice, and slices hold no processes");
        _ = bundle.Linux.Remove("cgroupsPath");
        Refused(
            bundle, static b => b.Config["annotations"] = new JsonObject { ["org.systemd.property.NoSuchProperty"] = "true" },
            $"cannot start systemd unit '{Unit}': Cannot set property NoSuchProperty, or unknown property. (PropertyReadOnly)");
        Refused(
            bundle, static b => b.Config["annotations"] = new JsonObject { ["org.systemd.property.TimeoutStopUSec"] = "'text'" },
            $"cannot start systemd unit '{Unit}': ");
        _ = bundle.Config.Remove("annotations");
        Assert.Equal("not-found", Show("LoadState")["LoadState"]);
    }

    [Fact]
    public void A_unit_of_that_name_stays_untouched()
    {
        CliResult other = Cli.Execute(["/usr/bin/systemd-run", "--quiet", "--service-type=exec", "--unit=" + Unit.Replace(".scope", "", StringComparison.Ordinal), "sleep", "1000"], new());
        Assert.True(other.Code == 0, other.ToString());
        string service = Unit.Replace(".scope", ".service", StringComparison.Ordinal);
        try
        {
            // Another kind of unit with the name is no obstacle; the scope of a living container is.
            Bundle bundle = NewBundle().Args("sleep", "1000");
            bundle.Write();
            _ = Ok(Driver, "create", "--bundle", bundle.Dir, Id);
            Bundle second = NewBundle().Args("true");
            second.Linux["cgroupsPath"] = ":anocir:" + Id;
            second.Write();
            _ = Fails("container's cgroup is not empty: 1 process(es) found", Driver, "create", "--bundle", second.Dir, Id + "b");
            Assert.Equal("created", Status());
            Assert.Equal("active", Show("ActiveState")["ActiveState"]);
            Delete();
            Assert.Equal("active", ShowUnit(service, "ActiveState")["ActiveState"]);
        }
        finally
        {
            Systemctl("stop", service);
        }
    }

    [Fact]
    public void A_cgroup_that_somebody_made_and_froze_is_refused_at_once()
    {
        string directory = "/sys/fs/cgroup/system.slice/" + Unit;
        _ = Directory.CreateDirectory(directory);
        try
        {
            File.WriteAllText(directory + "/cgroup.freeze", "1");
            Refused(NewBundle().Args("true"), static _ => { }, "container's cgroup unexpectedly frozen");
        }
        finally
        {
            Directory.Delete(directory);
        }

        Assert.Equal("not-found", Show("LoadState")["LoadState"]);
    }

    [Fact]
    public void A_controller_that_is_killed_leaves_nothing_that_delete_does_not_find()
    {
        Bundle bundle = NewBundle().Args("sleep", "1000").HookScript("createRuntime", "kill -9 $PPID");
        bundle.Write();
        Assert.Equal(128 + 9, Anocir([Driver, "create", "--bundle", bundle.Dir, Id]).Code);
        Delete();
        Assert.Equal("not-found", Show("LoadState")["LoadState"]);
    }

    [Fact]
    public void Processes_that_outlive_init_do_not_hold_the_scope()
    {
        Bundle bundle = NewBundle().Shell("sleep 1000 & sleep 1000 & echo ready; exec sleep 1000");
        bundle.WithoutNamespace("pid");
        bundle.Write();
        using Spawned run = Start([Driver, "run", "--bundle", bundle.Dir, Id]);
        run.WaitForOutput("ready");
        _ = Ok("kill", Id, "KILL");
        Assert.Equal(128 + 9, run.Wait().Code);
        Assert.Equal("not-found", Show("LoadState")["LoadState"]);
    }

    [Fact]
    public void Without_a_bus_root_speaks_to_systemd_itself()
    {
        var noBus = new SpawnOptions { Environment = new() { ["DBUS_SYSTEM_BUS_ADDRESS"] = "unix:path=/nonexistent/bus" } };
        Bundle bundle = NewBundle().Shell("cat /proc/self/cgroup");
        bundle.WithoutNamespace("cgroup");
        bundle.Write();
        CliResult result = Anocir(noBus, [Driver, "run", "--bundle", bundle.Dir, Id]);
        Assert.Equal($"0::/system.slice/{Unit}\n", result.Stdout);
        Assert.Equal((0, ""), (result.Code, result.Stderr));
        Assert.Equal("not-found", Show("LoadState")["LoadState"]);
    }

    private void Refused(Bundle bundle, Action<Bundle> change, string message)
    {
        change(bundle);
        bundle.Write();
        _ = Fails(message, Driver, "create", "--bundle", bundle.Dir, Id);
    }
}
