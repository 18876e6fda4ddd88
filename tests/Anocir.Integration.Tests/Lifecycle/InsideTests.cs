using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Lifecycle;

/// <summary>
/// What goes into the container with its program, and before that with the init that waits for start: nothing that belongs to the
/// caller, to the runtime or to the host.
/// </summary>
public sealed class InsideTests : ContainerTest
{
    // Every signal that can be ignored and blocked, by a caller that does both to them.
    private static readonly string[] s_rude =
        ["ignore=1,2,3,13,14,15,17,20,21,22,34,64", "block=1,2,3,10,12,13,14,15,17,18,20,28,34,64", "umask=0777", "rlimit=7:256"];

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public void The_program_starts_with_default_signals_and_only_its_own_descriptors(int uid)
    {
        Bundle bundle = NewBundle().Probe("signals", "fds", "process", "env", "link", "/proc/self/exe");
        bundle.Process["user"]!["uid"] = uid;
        bundle.Process["user"]!["gid"] = uid;
        bundle.Write();
        CliResult result = Anocir(
            new SpawnOptions { Launch = s_rude, Fds = new Dictionary<int, int> { [3] = 0, [9] = 0, [200] = 0 } }, "run", "--bundle", bundle.Dir, Id);
        Assert.Equal((0, ""), (result.Code, result.Stderr));
        Report inside = new(result.Stdout);
        Assert.Equal((0ul, 0ul, 0ul), (inside.Mask("sig-ignored"), inside.Mask("sig-blocked"), inside.Mask("sig-caught")));
        Assert.Equal("0", inside["pdeathsig"]);
        Assert.Equal(["0", "1", "2"], inside.All("fd").Select(static fd => fd.Split(' ')[0]));
        Assert.Equal(("probe", "1", "1", "0", "1"), (inside["comm"], inside["pid"], inside["sid"], inside["keepcaps"], inside["dumpable"]));
        Assert.Equal("0", inside["subreaper"]);
        Assert.DoesNotContain(inside.All("env"), static entry => entry.StartsWith("PLAN=", StringComparison.Ordinal));
        Assert.Equal("/bin/probe", inside["/proc/self/exe"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_stream_that_is_the_null_device_is_the_one_of_the_container(bool userNamespace)
    {
        const string Script = "cat /proc/$$/fdinfo/0 /proc/$$/fdinfo/2 /proc/self/mountinfo";
        Bundle bundle = NewBundle().Shell(Script);
        if (userNamespace)
        {
            bundle.Namespace("user");
            bundle.Linux["uidMappings"] = JsonNode.Parse("""[{"containerID":0,"hostID":0,"size":65536}]""");
            bundle.Linux["gidMappings"] = JsonNode.Parse("""[{"containerID":0,"hostID":0,"size":65536}]""");
        }

        bundle.Write();
        int nothing = Native.Check(Native.open("/dev/null", 2, 0), "open");
        CliResult result = Anocir(new SpawnOptions { Fds = new Dictionary<int, int> { [2] = nothing } }, "run", "--bundle", bundle.Dir, Id);
        _ = Native.close(nothing);
        Assert.Equal(0, result.Code);
        string[] lines = result.Stdout.Split('\n');
        string[] mounts = [.. lines.Where(static line => line.StartsWith("mnt_id:", StringComparison.Ordinal)).Select(static line => line.Split('\t')[1])];
        Assert.Equal(2, mounts.Length);
        Assert.All(mounts, id => Assert.Contains(lines, line => line.StartsWith(id + " ", StringComparison.Ordinal) && line.Contains(" /dev", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public void A_waiting_init_holds_nothing_of_the_host(int uid)
    {
        Bundle bundle = NewBundle();
        bundle.Process["user"]!["uid"] = uid;
        bundle.Process["user"]!["gid"] = uid;
        bundle.Write();
        using Spawned created = Start(
            new SpawnOptions { Launch = s_rude, Fds = new Dictionary<int, int> { [3] = 0, [9] = 0 } },
            "create", "--bundle", bundle.Dir, "--preserve-fds", "1", Id);
        Assert.Equal((0, ""), (created.Wait().Code, created.Stderr));
        int pid = Pid();
        Assert.Equal("anocir:init", Proc.Comm(pid));
        Assert.Equal("anocir\0init\0", File.ReadAllText($"/proc/{pid}/cmdline"));
        // Caught are HUP, INT, QUIT and TERM, which would not end process 1 otherwise; exec takes the handlers away.
        foreach ((string field, string mask) in ((string, string)[])[("SigIgn", "0"), ("SigBlk", "0"), ("SigCgt", "4007")])
        {
            Assert.Equal((field, mask.PadLeft(16, '0')), (field, Proc.Status(pid, field)));
        }

        // Its own files in /proc belong to root while it is not dumpable, whoever it is.
        Assert.Equal("0\n", Cli.Execute(["/bin/busybox", "stat", "-c", "%u", $"/proc/{pid}/fd"], new()).Stdout);
        Assert.Equal(uid.ToString(System.Globalization.CultureInfo.InvariantCulture), Proc.Status(pid, "Uid")!.Split('\t')[0]);
        string exe = new FileInfo($"/proc/{pid}/exe").LinkTarget!;
        Assert.Contains("anocir-init", exe, StringComparison.Ordinal);
        Assert.EndsWith(" (deleted)", exe, StringComparison.Ordinal); // in no directory of any file system

        // The last act of create is to tell init, which then closes the socket it was told on.
        SortedDictionary<int, string> fds = [];
        Deadline.WaitFor(() => !(fds = Proc.Fds(pid)).Values.Any(static fd => fd.StartsWith("socket:", StringComparison.Ordinal)), "the socket to be closed");
        string state = Root + "/" + Id;
        Assert.Equal(["0", "1", "2", "3"], fds.Where(fd => !fd.Value.StartsWith(state, StringComparison.Ordinal)).Select(static fd => $"{fd.Key}"));
        Assert.Equal(
            ["exec.fifo", "reply/exec.fifo"],
            fds.Values.Where(fd => fd.StartsWith(state, StringComparison.Ordinal)).Select(fd => fd[(state.Length + 1)..]).Order());
        Assert.Equal("1", Proc.Status(pid, "Threads"));
        Assert.True(Proc.ResidentKib(pid) < 64, $"the waiting init has {Proc.ResidentKib(pid)} KiB");
        Delete();
    }
}
