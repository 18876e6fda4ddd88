using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Lifecycle;

/// <summary>The states a container goes through, start, and what state and list print.</summary>
[Trait("Lane", "every")]
public sealed class StateTests : ContainerTest
{
    // What start only tidies up cannot make it fail: the program runs by then.
    [Fact]
    public void A_container_starts_although_its_state_can_no_longer_be_changed()
    {
        _ = Directory.CreateDirectory(Root);
        _ = Native.Check(Native.mount("state", Root, "tmpfs", 0, "mode=700"), "mount");
        _ = Create(NewBundle().Probe("block"));
        _ = Native.Check(Native.mount("state", Root, "tmpfs", 0x21, null), "mount"); // MS_REMOUNT | MS_RDONLY

        _ = Ok("start", Id);

        Assert.Equal("running", Status());
        _ = Native.Check(Native.mount("state", Root, "tmpfs", 0x20, null), "mount");
        Delete();
        _ = Native.Check(Native.umount2(Root, 0), "umount2");
    }

    [Fact]
    public void A_container_is_created_running_stopped()
    {
        _ = Create(NewBundle().Probe("block"));
        Assert.Equal("created", Status());
        int pid = Pid();

        CliResult started = Ok("start", Id);
        Assert.Equal("", started.Stdout + started.Stderr);
        Assert.Equal("running", Status());
        Assert.Equal(pid, Pid());
        Assert.Equal("probe", Proc.Comm(pid));

        _ = Ok("kill", Id, "KILL");
        WaitForStatus("stopped");
        Assert.Equal(0, Pid());

        CliResult deleted = Ok("delete", Id);
        Assert.Equal("", deleted.Stdout + deleted.Stderr);
        _ = Fails("container does not exist", "state", Id);
    }

    [Fact]
    public void State_prints_what_runc_prints()
    {
        Bundle bundle = NewBundle();
        bundle.Config["annotations"] = new JsonObject { ["com.example.key"] = "value <&> ü" };
        DateTimeOffset before = DateTimeOffset.UtcNow;
        _ = Create(bundle);

        CliResult result = Ok("state", Id);

        Assert.Equal("", result.Stderr);
        Assert.StartsWith("{\n  \"ociVersion\": \"1.3.0\",\n  \"id\": ", result.Stdout, StringComparison.Ordinal);
        Assert.EndsWith("\n}", result.Stdout, StringComparison.Ordinal);
        JsonObject state = JsonNode.Parse(result.Stdout)!.AsObject();
        Assert.Equal(
            ["ociVersion", "id", "pid", "status", "bundle", "rootfs", "created", "annotations", "owner"], state.Select(static member => member.Key));
        Assert.Equal(Id, (string?)state["id"]);
        Assert.Equal(bundle.Dir, (string?)state["bundle"]);
        Assert.Equal(bundle.Rootfs, (string?)state["rootfs"]);
        Assert.Equal("value <&> ü", (string?)state["annotations"]!["com.example.key"]);
        Assert.Equal("", (string?)state["owner"]);
        string created = (string)state["created"]!;
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$", created);
        Assert.InRange(DateTimeOffset.Parse(created, CultureInfo.InvariantCulture), before.AddSeconds(-1), DateTimeOffset.UtcNow);
        Assert.Equal(Environment.ProcessId, Proc.Parent((int)state["pid"]!));
        Delete();
    }

    [Fact]
    public void The_bundle_is_shown_by_its_real_path()
    {
        Bundle bundle = NewBundle();
        bundle.Write();
        string other = Directory.CreateDirectory($"{Temp}/other/place").FullName;
        Directory.CreateSymbolicLink($"{Temp}/link", bundle.Dir);
        Directory.CreateSymbolicLink($"{Temp}/away", other);
        Directory.CreateSymbolicLink($"{Temp}/other/bundle", bundle.Dir);

        // The last one is where the kernel finds it, not what the text says.
        foreach (string given in (string[])["bundle1/../bundle1", $"{bundle.Dir}/", "link", $"{Temp}/link/.", "away/../bundle"])
        {
            CliResult result = Anocir(new SpawnOptions { Cwd = Temp }, "create", "--bundle", given, Id);

            Assert.True(result.Code == 0, $"--bundle {given}: {result}");
            JsonObject state = State();
            Assert.Equal((given, bundle.Dir, bundle.Rootfs), (given, (string?)state["bundle"], (string?)state["rootfs"]));
            Delete();
        }
    }

    [Fact]
    public void Start_is_for_created_containers_only()
    {
        _ = Create(NewBundle().Probe("block"));
        _ = Ok("start", Id);

        _ = Fails("cannot start an already running container", "start", Id);
        Assert.Equal("running", Status());

        _ = Ok("kill", Id, "KILL");
        WaitForStatus("stopped");
        _ = Fails("cannot start a container that has stopped", "start", Id);
        _ = Ok("delete", Id);
    }

    [Fact]
    public void A_created_container_that_was_killed_cannot_be_started()
    {
        _ = Create(NewBundle());
        _ = Ok("kill", Id, "KILL");
        WaitForStatus("stopped");

        _ = Fails("cannot start a container that has stopped", "start", Id);
        _ = Ok("delete", Id);
    }

    [Theory]
    [InlineData("start")]
    [InlineData("state")]
    [InlineData("kill")]
    [InlineData("delete")]
    public void An_unknown_id_does_not_exist(string command)
    {
        Assert.Equal("container does not exist", Fails("", command, Id).Error);
    }

    [Fact]
    public void List_prints_a_table()
    {
        Bundle bundle = NewBundle().Probe("block");
        Bundle other = NewBundle();
        _ = CreateAs(Id + "b", bundle);
        _ = CreateAs(Id + "a", other);
        _ = Ok("start", Id + "b");

        string[] lines = Ok("list").Stdout.TrimEnd('\n').Split('\n');

        Assert.Equal(["ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER"], lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(3, lines.Length);
        string[] a = lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string[] b = lines[2].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal([Id + "a", Pid(Id + "a").ToString(CultureInfo.InvariantCulture), "created", other.Dir, a[4], "root"], a);
        Assert.Equal([Id + "b", Pid(Id + "b").ToString(CultureInfo.InvariantCulture), "running", bundle.Dir, b[4], "root"], b);
        Assert.Equal($"{Id}a\n{Id}b\n", Ok("list", "-q").Stdout);
        Assert.Equal($"{Id}a\n{Id}b\n", Ok("list", "--quiet", "--format", "json").Stdout);
        Delete(Id + "a");
        Delete(Id + "b");
        Assert.Single(Ok("list").Stdout.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void List_prints_json()
    {
        _ = Create(NewBundle());

        JsonArray all = JsonNode.Parse(Ok("list", "--format", "json").Stdout)!.AsArray();
        JsonObject one = Assert.Single(all)!.AsObject();

        Assert.Equal(["ociVersion", "id", "pid", "status", "bundle", "rootfs", "created", "owner"], one.Select(static member => member.Key));
        Assert.Equal("root", (string?)one["owner"]);
        Delete();
        Assert.Equal("null\n", Ok("list", "-f", "json").Stdout);
    }

    [Fact]
    public void List_knows_two_formats()
    {
        _ = Create(NewBundle());

        _ = Fails("invalid format option", "list", "--format", "yaml");
        Delete();
    }

    [Fact]
    public void A_reused_pid_is_not_taken_for_the_container()
    {
        _ = Create(NewBundle());
        int pid = Pid();
        string record = Root + "/" + Id + "/state.json";
        JsonNode state = JsonNode.Parse(System.IO.File.ReadAllText(record))!;
        state["pidStartTime"] = (ulong)state["pidStartTime"]! + 1;
        System.IO.File.WriteAllText(record, state.ToJsonString());

        Assert.Equal("stopped", Status());
        _ = Fails("container not running", "kill", Id, "KILL");
        Assert.True(Proc.IsAlive(pid));

        _ = Native.kill(pid, Signals.Kill);
        Delete();
    }
}
