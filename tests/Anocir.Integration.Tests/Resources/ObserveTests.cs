using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Resources;

/// <summary>pause, resume, ps, events, top.</summary>
public sealed class ObserveTests : ContainerTest
{
    [Fact]
    public void A_paused_container_stands_still_until_resume()
    {
        using Spawned created = CreateWithOutput(NewBundle().Probe("catch", "15"));
        _ = Ok("pause", Id);
        Assert.Equal("paused", Status());
        _ = Fails("cannot start a container in the paused state", "start", Id);
        _ = Ok("resume", Id);
        Assert.Equal("created", Status());
        _ = Ok("start", Id);
        created.WaitForOutput("ready");

        CliResult paused = Ok("pause", Id);
        Assert.Equal("", paused.Stdout + paused.Stderr);
        Assert.Equal("paused", Status());
        Assert.Contains("paused", Ok("list").Stdout, StringComparison.Ordinal);
        _ = Ok("kill", Id, "USR1");
        _ = Ok("update", "--pids-limit", "50", Id);
        Assert.Equal("paused", Status());
        _ = Fails("container not running", "pause", Id);
        Assert.Empty(new Report(created.Stdout).All("signal"));

        CliResult resumed = Ok("resume", Id);
        Assert.Equal("", resumed.Stdout + resumed.Stderr);
        Assert.Equal("running", Status());
        Deadline.WaitFor(() => new Report(created.Stdout).All("signal").Contains("10"), "the signal that was sent to the paused container");
        _ = Fails("container not paused", "resume", Id);
        _ = Ok("pause", Id);
        Delete();
        _ = Fails("container does not exist", "pause", Id);
        _ = Fails("container does not exist", "resume", Id);
    }

    [Fact]
    public void Processes_and_use_of_a_container()
    {
        Require.Program("/usr/bin/ps");
        _ = Create(NewBundle().Probe("block"));
        _ = Ok("start", Id);
        string pid = Pid().ToString(CultureInfo.InvariantCulture);

        Assert.Equal($"[{pid}]\n", Ok("ps", "--format", "json", Id).Stdout);
        string[] columns = Ok("ps", Id, "-e", "-o", "comm,pid").Stdout.TrimEnd('\n').Split('\n');
        Assert.Equal($"probe {pid}", string.Join(" ", columns[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        _ = Fails("couldn't find PID field in ps output", "ps", Id, "-eo", "comm");
        _ = Fails("invalid format option", "ps", "-f", "xml", Id);

        JsonNode stats = JsonNode.Parse(Ok("events", "--stats", Id).Stdout)!;
        Assert.Equal(("stats", Id), ((string)stats["type"]!, (string)stats["id"]!));
        Assert.Equal(1, (int)stats["data"]!["pids"]!["current"]!);
        Assert.True((long)stats["data"]!["memory"]!["usage"]!["usage"]! > 0);

        JsonObject top = Assert.Single(JsonNode.Parse(Ok("top", "--once", "--json").Stdout)!.AsArray())!.AsObject();
        Assert.Equal((Id, pid, "running"), ((string)top["id"]!, top["pid"]!.ToString(), (string)top["status"]!));
        Assert.Equal(1, (int)top["pids"]!["current"]!);
        Assert.True((double)top["cpu"]!["percent"]! >= 0);
        Assert.StartsWith("ID ", Ok("top", "--once", "--interval", "1ms").Stdout, StringComparison.Ordinal);

        _ = Ok("kill", Id, "KILL");
        WaitForStatus("stopped");
        Assert.Equal("null\n", Ok("ps", "-f", "json", Id).Stdout);
        _ = Fails($"container with id {Id} is not running", "events", "--stats", Id);
        Assert.Equal("[]\n", Ok("top", "--once", "--json", "--interval", "1ms").Stdout);
        Delete();
    }

    [Fact]
    public void The_table_of_processes_is_that_of_ps()
    {
        Require.WorkingPs();
        _ = Create(NewBundle().Probe("block"));
        _ = Ok("start", Id);
        string[] table = Ok("ps", Id).Stdout.TrimEnd('\n').Split('\n');
        Assert.Matches("UID +PID +PPID +C +STIME +TTY +TIME +CMD", table[0]);
        Assert.Contains("/bin/probe", Assert.Single(table.Skip(1)), StringComparison.Ordinal);
        Delete();
    }

    [Fact]
    public void Events_tell_use_and_out_of_memory_kills_until_the_end()
    {
        Require.Controller("memory");
        _ = Fails("duration interval must be greater than 0", "events", "--interval", "0s", Id);
        Bundle bundle = NewBundle().Shell("while [ ! -e /tmp/go ]; do sleep 1; done; dd if=/dev/zero of=/dev/null bs=64M count=1; exec sleep 1000");
        bundle.Linux["resources"] = JsonNode.Parse("""{"memory":{"limit":16777216,"swap":16777216}}""");
        bundle.Process["oomScoreAdj"] = 0;
        ReportsThatMemoryRanOut(bundle);
    }

    // Only version 1 can switch the killer off; the process then waits for memory, and nothing is killed that could be counted. It waits when it
    // touches memory itself: a system call that fills a buffer for it, as of dd, fails instead (EFAULT), and nothing is announced.
    [Fact]
    public void A_container_that_waits_for_memory_is_reported()
    {
        Require.HostLane();
        Bundle bundle = NewBundle().Shell("while [ ! -e /tmp/go ]; do sleep 1; done; x=12345678; while :; do x=$x$x; done");
        bundle.Linux["resources"] = JsonNode.Parse("""{"memory":{"limit":16777216,"swap":16777216,"disableOOMKiller":true}}""");
        ReportsThatMemoryRanOut(bundle);
    }

    // The container takes more than its limit once /tmp/go is there.
    private void ReportsThatMemoryRanOut(Bundle bundle)
    {
        _ = Create(bundle);
        _ = Ok("start", Id);
        using Spawned events = Start("events", "--interval", "100ms", Id);
        events.WaitForOutput($$"""{"type":"stats","id":"{{Id}}","data":{"cpu":{""");
        File.WriteAllText(bundle.Rootfs + "/tmp/go", "");
        events.WaitForOutput($$"""{"type":"oom","id":"{{Id}}"}""");
        _ = Ok("kill", Id, "KILL");
        CliResult end = events.Wait();
        Assert.Equal((0, ""), (end.Code, end.Stderr));
        Delete();
    }
}
