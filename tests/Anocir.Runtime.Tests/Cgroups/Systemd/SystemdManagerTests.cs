using System;
using System.IO;
using System.Linq;
using Anocir.Linux;
using Anocir.Runtime.Cgroups.Systemd;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Logging;
using Anocir.Runtime.Tests.State;
using Xunit;

namespace Anocir.Runtime.Tests.Cgroups.Systemd;

public sealed class SystemdManagerTests
{
    private const string Unit = "anocir-web.scope";
    private const string Job = "/org/freedesktop/systemd1/job/7";
    private static readonly UnitProperty[] s_properties = [new("Slice", DbusValue.String("a.slice")), new("PIDs", DbusValue.Array("u", DbusValue.UInt32(5)))];

    [Fact]
    public void A_unit_is_started_with_its_properties_and_its_job_waited_for()
    {
        using var bus = new FakeBus(Started("done"));
        Start(bus);

        Assert.Equal(["Hello", "AddMatch", "Subscribe", "StartTransientUnit"], bus.Calls.Select(static c => c.Member));
        DbusMessage call = bus.Calls.Last();
        Assert.Equal(("org.freedesktop.systemd1", "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager"), (call.Destination, call.Path, call.Interface));
        Assert.Equal("ssa(sv)a(sa(sv))", DbusValue.SignatureOf(call.Body));
        Assert.Equal((Unit, "replace"), (call.Body[0].Text, call.Body[1].Text));
        Assert.Equal(
            "a(sv) [(sv) [s Slice, v [s a.slice]], (sv) [s PIDs, v [au [u 5]]]]", VariantTextTests.Show(call.Body[2]));
        Assert.Contains($"arg2='{Unit}'", bus.Calls.ElementAt(1).Body[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_job_that_ends_before_it_is_named_is_not_missed()
    {
        using var bus = new FakeBus(static call => [FakeBus.JobRemoved(Job, Unit, "done"), FakeBus.Reply(call, DbusValue.OfText('o', Job))]);
        Start(bus);
    }

    [Theory]
    [InlineData("failed", "journalctl -u anocir-web.scope; with the result 'failed' the process has often ended already")]
    [InlineData("timeout", "systemd is overloaded or its job is blocked: systemctl list-jobs")]
    [InlineData("canceled", "another job for the unit took its place: systemctl status anocir-web.scope")]
    [InlineData("dependency", "its slice could not be started: systemctl status anocir-web.scope")]
    public void A_job_that_fails_is_an_error_with_unit_result_and_fix(string result, string hint)
    {
        using var bus = new FakeBus(Started(result));
        var e = Assert.Throws<ContainerException>(() => Start(bus));
        Assert.Equal($"cannot start systemd unit '{Unit}': its job ended with the result '{result}'; hint: {hint}", e.Message);
        Assert.Equal("ResetFailedUnit", bus.Calls.Last().Member);
    }

    [Fact]
    public void A_property_that_systemd_does_not_tell_is_named()
    {
        using var empty = new FakeBus(static call => [FakeBus.Reply(call)]);
        using var refusing = new FakeBus(static call => [FakeBus.Error(call, "org.freedesktop.DBus.Error.AccessDenied", "no")]);
        const string Hint = "; hint: busctl get-property org.freedesktop.systemd1 /org/freedesktop/systemd1 org.freedesktop.systemd1.Manager ControlGroup";

        Assert.Equal("cannot read systemd's property ControlGroup: not an answer that was expected" + Hint, Asked(empty));
        Assert.Equal("cannot read systemd's property ControlGroup: no (AccessDenied)" + Hint, Asked(refusing));

        static string Asked(FakeBus bus)
        {
            using SystemdManager manager = bus.Manager();
            return Assert.Throws<ContainerException>(() => manager.ControlGroup()).Message;
        }
    }

    // As in runc: whatever systemd is told, the limits are in the cgroup's files.
    [Theory]
    [InlineData(null, "cannot read systemd's property Version: no (AccessDenied)")]
    [InlineData("", "'' is none")]
    [InlineData("v\n7", "'v\\n7' is none")]
    public void A_version_that_cannot_be_read_is_a_warning_and_older_than_all(string? version, string why)
    {
        using var directory = new TemporaryDirectory();
        Assert.False(Logger.OpenFile(directory["log"], out Fd? file).IsError);
        using var bus = new FakeBus(call => [version is null
            ? FakeBus.Error(call, "org.freedesktop.DBus.Error.AccessDenied", "no")
            : FakeBus.Reply(call, DbusValue.Variant(DbusValue.String(version)))]);
        using (var log = new Logger(LogLevel.Warning, json: false, file))
        {
            using SystemdManager manager = bus.Manager(log: log);
            Assert.Equal((0, 0), (manager.Version(), manager.Version()));
        }

        string line = Assert.Single(File.ReadAllLines(directory["log"]));
        Assert.Contains("unable to get systemd version, leaving out properties that not every version has: ", line, StringComparison.Ordinal);
        Assert.Contains(why.Replace("\\", "\\\\", StringComparison.Ordinal), line, StringComparison.Ordinal);
        Assert.Equal(1, bus.Calls.Count(static call => call.Member == "Get"));
    }

    [Fact]
    public void A_failed_unit_of_the_same_name_is_put_away()
    {
        int starts = 0;
        using var bus = new FakeBus(call => call.Member == "StartTransientUnit" && ++starts == 1
            ? [FakeBus.Error(call, "org.freedesktop.systemd1.UnitExists", "exists")]
            : Started("done")(call));
        Start(bus);
        Assert.Equal(["StartTransientUnit", "ResetFailedUnit", "StartTransientUnit"], bus.Calls.Skip(3).Select(static c => c.Member));
    }

    [Fact]
    public void A_unit_that_runs_under_the_same_name_is_an_error_and_not_ours()
    {
        using var bus = new FakeBus(static call => call.Member == "StartTransientUnit"
            ? [FakeBus.Error(call, "org.freedesktop.systemd1.UnitExists", $"Unit {Unit} was already loaded.")]
            : [FakeBus.Reply(call)]);
        using SystemdManager manager = bus.Manager();
        StartingUnit start = manager.BeginStart(Unit, s_properties);
        var e = Assert.Throws<ContainerException>(() => manager.FinishStart(start, static () => false));
        Assert.Equal(
            $"cannot start systemd unit '{Unit}': Unit {Unit} was already loaded. (UnitExists)"
            + $"; hint: a container (perhaps under another --root) has that name: systemctl status {Unit}",
            e.Message);
        Assert.Equal((false, true), (start.IsStarted, start.IsRefused));
    }

    [Fact]
    public void A_refused_property_is_told_in_systemds_words()
    {
        using var bus = new FakeBus(static call => [FakeBus.Error(call, "org.freedesktop.DBus.Error.PropertyReadOnly", "Cannot set property X")]);
        var e = Assert.Throws<ContainerException>(() => Start(bus));
        Assert.Equal(
            $"cannot start systemd unit '{Unit}': Cannot set property X (PropertyReadOnly)"
            + "; hint: see linux.resources, linux.cgroupsPath and the annotations org.systemd.property.*",
            e.Message);
    }

    [Fact]
    public void Silence_is_an_error_when_time_is_up()
    {
        using var bus = new FakeBus(static _ => []);
        using SystemdManager manager = bus.Manager(milliseconds: 200);
        StartingUnit start = manager.BeginStart(Unit, s_properties);
        var e = Assert.Throws<ContainerException>(() => manager.FinishStart(start, static () => false));
        Assert.Equal($"waited 0.2 s for systemd to start unit '{Unit}' (the system bus); hint: systemctl list-jobs", e.Message);
        Assert.Equal((false, false), (start.IsStarted, start.IsRefused));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 2)]
    public void A_bus_that_restarts_meanwhile_is_survived(bool isIn, int starts)
    {
        int calls = 0;
        using var bus = new FakeBus(call => ++calls == 1 ? null : Started("done")(call));
        using SystemdManager manager = bus.Manager();
        StartingUnit start = manager.BeginStart(Unit, s_properties);
        manager.FinishStart(start, () => isIn);
        Assert.True(start.IsStarted);
        Assert.Equal(starts, bus.Calls.Count(static c => c.Member == "StartTransientUnit"));
    }

    // It closes what it accepts until it is up.
    [Fact]
    public void A_bus_that_is_slow_to_come_back_is_waited_for()
    {
        FakeBus? self = null;
        int calls = 0;
        using var bus = self = new FakeBus(call =>
        {
            self!.HangUps = ++calls == 1 ? 3 : 0;
            return calls == 1 ? null : Started("done")(call);
        });
        using SystemdManager manager = bus.Manager();
        StartingUnit start = manager.BeginStart(Unit, s_properties);
        manager.FinishStart(start, static () => false);
        Assert.True(start.IsStarted);
    }

    // What a bus says of a systemd that executes itself anew: first that the answer will not come, then that it cannot be started.
    [Theory]
    [InlineData("StartTransientUnit")]
    [InlineData("StopUnit")]
    [InlineData("SetUnitProperties")]
    [InlineData("Get")]
    public void A_systemd_that_begins_anew_meanwhile_is_survived(string member)
    {
        int calls = 0;
        using var bus = new FakeBus(call => call.Member != member || ++calls > 2
            ? call.Member == "Get" ? [FakeBus.Reply(call, DbusValue.Variant(DbusValue.String("252")))] : Started("done")(call)
            : [FakeBus.Error(call, calls == 1 ? "org.freedesktop.DBus.Error.NoReply" : "org.freedesktop.DBus.Error.Spawn.ChildExited", "disconnected")]);
        using SystemdManager manager = bus.Manager();
        switch (member)
        {
            case "StopUnit":
                manager.Stop(Unit);
                break;
            case "SetUnitProperties":
                manager.SetProperties(Unit, s_properties);
                break;
            case "Get":
                Assert.Equal(252, manager.Version());
                break;
            default:
                manager.FinishStart(manager.BeginStart(Unit, s_properties), static () => false);
                break;
        }

        Assert.Equal(3, bus.Calls.Count(call => call.Member == member));
    }

    [Fact]
    public void A_job_whose_end_nobody_told_has_ended_when_the_process_is_in_or_the_unit_gone()
    {
        int stops = 0;
        using var bus = new FakeBus(call => call.Member == "StopUnit" && ++stops == 2
            ? [FakeBus.Error(call, "org.freedesktop.systemd1.NoSuchUnit", "not loaded")]
            : [FakeBus.Reply(call, DbusValue.OfText('o', Job))]);
        using SystemdManager manager = bus.Manager();
        StartingUnit start = manager.BeginStart(Unit, s_properties);
        manager.FinishStart(start, static () => true);
        Assert.True(start.IsStarted);
        manager.Stop(Unit);
        Assert.Equal(2, stops);
    }

    [Fact]
    public void A_unit_is_stopped_and_put_away_and_one_that_is_gone_is_fine()
    {
        using (var bus = new FakeBus(Started("done")))
        {
            using SystemdManager manager = bus.Manager();
            manager.Stop(Unit);
            Assert.Equal(["StopUnit", "ResetFailedUnit"], bus.Calls.Skip(3).Select(static c => c.Member));
            Assert.Equal("replace", bus.Calls.ElementAt(3).Body[1].Text);
        }

        using (var bus = new FakeBus(static call => [FakeBus.Error(call, "org.freedesktop.systemd1.NoSuchUnit", "not loaded")]))
        {
            using SystemdManager manager = bus.Manager();
            manager.Stop(Unit);
        }

        using (var bus = new FakeBus(static call => [FakeBus.Error(call, "org.freedesktop.DBus.Error.AccessDenied", "no")]))
        {
            using SystemdManager manager = bus.Manager();
            var e = Assert.Throws<ContainerException>(() => manager.Stop(Unit));
            Assert.Equal($"cannot stop systemd unit '{Unit}': no (AccessDenied); hint: run as root, or without root with the user's systemd", e.Message);
        }
    }

    [Fact]
    public void Properties_are_asked_for_and_set()
    {
        using var bus = new FakeBus(static call => [call.Member == "Get"
            ? FakeBus.Reply(call, DbusValue.Variant(DbusValue.String(call.Body[1].Text == "Version" ? "252.1" : "/user.slice")))
            : FakeBus.Reply(call)]);
        using SystemdManager manager = bus.Manager();
        Assert.Equal((252, 252, "/user.slice"), (manager.Version(), manager.Version(), manager.ControlGroup()));
        manager.SetProperties(Unit, s_properties);
        Assert.Equal(["Hello", "Get", "Get", "SetUnitProperties"], bus.Calls.Select(static c => c.Member));
        Assert.Equal("sba(sv)", DbusValue.SignatureOf(bus.Calls.Last().Body));
    }

    [Theory]
    [InlineData("REJECTED EXTERNAL\r\n", "lost the system bus: it refused this user (REJECTED EXTERNAL)")]
    [InlineData("OK 1\r\nlxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "lost the system bus: it sent a message that is too long")]
    public void A_peer_that_refuses_or_speaks_nonsense_is_told(string greeting, string message)
    {
        using var bus = new FakeBus(static _ => [], greeting);
        using SystemdManager manager = bus.Manager();
        Assert.Equal(message, Assert.Throws<ContainerException>(() => manager.ControlGroup()).Message);
    }

    [Fact]
    public void Answers_to_AUTH_as_old_versions_give_them_are_understood()
    {
        using var bus = new FakeBus(Started("done"), "OK 1\r\nERROR\r\n");
        Start(bus);
    }

    [Fact]
    public void A_bus_that_is_not_there_is_named()
    {
        using var manager = new SystemdManager(new SystemdBus(false, ""), [new DbusAddress("/nonexistent/bus")], 1000);
        Assert.False(manager.IsReachable);
        Assert.Equal(
            "cannot connect to the system bus '/nonexistent/bus': no such file or directory (ENOENT)"
            + "; hint: systemctl start dbus.socket, or use --cgroup-manager cgroupfs",
            Assert.Throws<ContainerException>(() => manager.ControlGroup()).Message);
        var e = Assert.Throws<ContainerException>(() => SystemdBus.For(isUser: false, "/nonexistent"));
        Assert.Equal(
            "systemd not running on this host, cannot use the systemd cgroup driver; hint: use --cgroup-manager cgroupfs, and the same in the engine", e.Message);
    }

    [Theory]
    [InlineData("unix:path=/run/bus", "/run/bus", false)]
    [InlineData("unix:guid=1,path=/run/a%20b;unix:path=/x", "/run/a b", false)]
    [InlineData("tcp:host=x;unix:abstract=/tmp/b,guid=1", "/tmp/b", true)]
    public void An_address_is_read(string list, string path, bool isAbstract) =>
        Assert.Equal(new DbusAddress(path, isAbstract), DbusAddress.Parse(list));

    [Theory]
    [InlineData("")]
    [InlineData("tcp:host=x")]
    [InlineData("unix:guid=1")]
    public void An_address_without_a_socket_is_none(string list) => Assert.Null(DbusAddress.Parse(list));

    private static Func<DbusMessage, DbusMessage[]?> Started(string result) => call => call.Member is "StartTransientUnit" or "StopUnit"
        ? [FakeBus.Reply(call, DbusValue.OfText('o', Job)), FakeBus.JobRemoved("/other", "x.scope", "failed"), FakeBus.JobRemoved(Job, Unit, result)]
        : [FakeBus.Reply(call)];

    private static void Start(FakeBus bus)
    {
        using SystemdManager manager = bus.Manager();
        StartingUnit start = manager.BeginStart(Unit, s_properties);
        manager.FinishStart(start, static () => false);
        Assert.True(start.IsStarted);
    }
}
