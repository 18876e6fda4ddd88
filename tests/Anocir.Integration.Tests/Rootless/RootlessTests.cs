using System;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Anocir.Integration.Tests.Fixture;
using Anocir.Integration.Tests.Properties;
using Xunit;

namespace Anocir.Integration.Tests.Rootless;

/// <summary>Containers of a user without root, with the maps that the kernel gives everybody: one ID.</summary>
public sealed class RootlessTests : RootlessTest
{
    [Fact]
    public void A_container_of_spec_rootless_has_what_a_user_can_have()
    {
        Bundle bundle = NewUserBundle();
        bundle.Config["root"]!["readonly"] = false;
        bundle.Process["oomScoreAdj"] = 300;

        Report inside = RunAsUser(
            bundle, [], "ids", "mounts", "cgroup", "status", "read", "/proc/self/uid_map", "read", "/proc/self/gid_map", "read", "/proc/self/setgroups",
            "read", "/proc/self/oom_score_adj", "stat", "/dev/null", "open", "/dev/null", "w", "open", "/tmp/mine", "c",
            "mknod", "/tmp/node", "c", "1:3", "uts");

        Assert.Equal(("0 0 0 0", "0 0 0 0"), (inside["uid"], inside["gid"]));
        Assert.Equal($"0 {User} 1", string.Join(' ', inside["/proc/self/uid_map"].Split(' ', StringSplitOptions.RemoveEmptyEntries)).Trim());
        Assert.Equal($"0 {User} 1", string.Join(' ', inside["/proc/self/gid_map"].Split(' ', StringSplitOptions.RemoveEmptyEntries)).Trim());
        Assert.Equal(("deny", "300"), (inside["/proc/self/setgroups"].Trim(), inside["/proc/self/oom_score_adj"].Trim()));
        Assert.Equal("anocir", inside["hostname"]);

        // The host's node, bound: it works, and none can be made.
        Assert.Matches("^/dev/null char 0666 65534 65534 .*1:3 ", inside["stat"]);
        Assert.Equal(["/dev/null w ok", "/tmp/mine c ok"], inside.All("open"));
        Assert.Equal("/tmp/node EPERM", inside["mknod"]);
        Assert.Equal(User, Owner(bundle.Rootfs + "/tmp/mine"));

        // The host's /sys, read-only throughout; the cgroup is the caller's, and not to be changed.
        MountLine[] mounts = MountLine.All(inside);
        Assert.Contains("ro", mounts.First(static m => m.Target == "/sys").Options);
        Assert.All(mounts.Where(static m => m.Target == "/sys/fs/cgroup").TakeLast(1), static m => Assert.Contains("ro", m.Options));
        bool ownNamespace = bundle.Linux["namespaces"]!.AsArray().Any(static n => (string?)n!["type"] == "cgroup");
        Assert.Equal(ownNamespace ? ["0::/"] : Proc.Lines("/proc/self/cgroup"), inside.All("cgroup"));
    }

    [Fact]
    public void The_state_is_below_the_runtime_directory_and_every_command_finds_it()
    {
        Bundle bundle = NewUserBundle();
        bundle.Probe("ready", "block").Write();
        string pidFile = RuntimeDir + "/pid";

        Quiet("create", "--bundle", bundle.Dir, "--pid-file", pidFile, Id);

        Assert.Equal((UnixFileMode)0x3c0, File.GetUnixFileMode(RuntimeDir + "/anocir")); // 01700: cleaners of temporary files leave it
        Assert.Equal(("created", User), (StatusAsUser(), Owner($"{RuntimeDir}/anocir/{Id}")));
        Quiet("start", Id);
        Assert.Equal("running", StatusAsUser());
        Assert.Contains($"\"owner\":\"#{User}\"", Run([], "list", "--format", "json").Stdout.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(User, Owner("/proc/" + File.ReadAllText(pidFile)));
        Quiet("kill", Id, "KILL");
        Deadline.WaitFor(() => StatusAsUser() == "stopped", "the container to be stopped");
        Quiet("delete", Id);
        AssertNoState();

        // Created, never started, and deleted by force.
        Quiet("create", "--bundle", bundle.Dir, Id);
        Quiet("delete", "--force", Id);
        AssertNoState();
    }

    [Fact]
    public void Without_a_runtime_directory_the_message_names_the_variable()
    {
        Bundle bundle = NewUserBundle();
        bundle.Probe("ids").Write();
        SpawnOptions options = Options();
        options.Environment["XDG_RUNTIME_DIR"] = null;

        CliResult result = Cli.Execute(Command([], AsUser, "run", "--bundle", bundle.Dir, Id), options);

        Assert.Equal(1, result.Code);
        Assert.Matches(@"^anocir run failed: cannot (create|open) the state root '/run/anocir': permission denied \(EACCES\); "
            + "hint: set XDG_RUNTIME_DIR to a directory of yours, or choose one with --root$", result.Error);
    }

    [Fact]
    public void Sysfs_of_the_host_stands_in_where_the_network_is_the_hosts()
    {
        Bundle bundle = NewUserBundle();
        bundle.Mounts.Remove(bundle.Mounts.First(static m => (string?)m!["destination"] == "/sys"));
        bundle.Mounts.Remove(bundle.Mounts.First(static m => (string?)m!["destination"] == "/sys/fs/cgroup"));
        bundle.Mount("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro");

        Report inside = RunAsUser(bundle, [], "mounts", "stat", "/sys/kernel", "namespaces");

        Assert.Equal(new FileInfo("/proc/self/ns/net").LinkTarget, inside["ns-net"]);
        Assert.StartsWith("/sys/kernel dir ", inside["stat"], StringComparison.Ordinal);
        Assert.All(MountLine.All(inside).Where(static m => m.Target == "/sys" || m.Target.StartsWith("/sys/", StringComparison.Ordinal)),
            static m => AssertOptions(m, "ro", "nosuid", "nodev", "noexec"));
    }

    [Fact]
    public void Flags_that_a_mount_came_with_stay()
    {
        Bundle bundle = NewUserBundle();
        string data = Directory.CreateDirectory(Temp + "/data").FullName;
        string[] before = [$"mount -t tmpfs -o nosuid,nodev,noexec,mode=777 x {data}"];
        bundle.Mount("/data", "bind", data, "bind");
        bundle.Mount("/data", "", "", "remount", "bind", "ro");

        AssertOptions(MountLine.At(RunAsUser(bundle, before, "mounts"), "/data"), "ro", "nosuid", "nodev", "noexec");

        bundle.Mounts[^1]!["options"] = Bundle.Json("remount", "bind", "exec");
        FailsAsUser($"cannot set mount attributes '/data' (mounts[{bundle.Mounts.Count - 1}]): operation not permitted (EPERM); "
            + "hint: a user namespace may neither clear the flags that a mount came with (ro, nosuid, nodev, noexec, atime) nor idmap it", bundle, before);
    }

    [Fact]
    public void Kernel_parameters_of_the_containers_own_namespaces_can_be_set()
    {
        Bundle bundle = NewUserBundle().Namespace("network");
        bundle.Linux["sysctl"] = new JsonObject
        {
            ["net.ipv4.ip_forward"] = "1", ["kernel.domainname"] = "inner.test", ["user.max_user_namespaces"] = "7",
        };
        _ = bundle.Linux.Remove("readonlyPaths");

        Report inside = RunAsUser(
            bundle, [], "uts", "read", "/proc/sys/net/ipv4/ip_forward", "read", "/proc/sys/user/max_user_namespaces");

        Assert.Equal(
            ("inner.test", "1", "7"),
            (inside["domainname"], inside["/proc/sys/net/ipv4/ip_forward"].Trim(), inside["/proc/sys/user/max_user_namespaces"].Trim()));
    }

    [Fact]
    public void Clocks_move_in_a_time_namespace_of_a_user()
    {
        Require.TimeNamespaces();
        Bundle bundle = NewUserBundle().Namespace("time");
        bundle.Linux["timeOffsets"] = JsonNode.Parse("""{"boottime":{"secs":1000000}}""");
        double before = double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

        Report inside = RunAsUser(bundle, [], "clocks", "namespaces");

        Assert.True(long.Parse(inside["boottime"], null) >= (long)before + 1_000_000, inside.ToString());
        Assert.NotEqual(new FileInfo("/proc/self/ns/time").LinkTarget, inside["ns-time"]);
    }

    [Fact]
    public void What_a_user_cannot_have_is_refused_by_name()
    {
        Bundle bundle = NewUserBundle().Probe("ids");
        bundle.Process["oomScoreAdj"] = -900;
        bundle.Write();
        CliResult result = Run([], "run", "--bundle", bundle.Dir, Id);
        Assert.Equal(0, result.Code);
        Assert.Matches(@"level=warning msg=""cannot set process\.oomScoreAdj to -900: permission denied \(EACCES\), leaving it at -?\d+""", result.Stderr);

        bundle = NewUserBundle();
        bundle.Process["rlimits"] = JsonNode.Parse("""[{"type":"RLIMIT_NOFILE","soft":64,"hard":4000000000}]""");
        FailsAsUser("cannot set RLIMIT_NOFILE (process.rlimits[0]): operation not permitted (EPERM); "
            + "hint: raising a hard limit needs CAP_SYS_RESOURCE, and NOFILE may not exceed sysctl fs.nr_open", bundle, []);

        bundle = NewUserBundle().WithoutNamespace("user");
        _ = (bundle.Linux.Remove("uidMappings"), bundle.Linux.Remove("gidMappings"));
        FailsAsUser("invalid config: linux.namespaces: rootless container requires user namespaces", bundle, []);
    }

    [Fact]
    public void A_forbidden_user_namespace_is_explained_with_the_command_that_allows_it()
    {
        Bundle bundle = NewUserBundle();
        bundle.Probe("ids").Write();
        string[] front = [.. AsUser, "/usr/bin/unshare", "--user", "--map-root-user", "/bin/busybox", "sh", "-c",
            "echo 0 >/proc/sys/user/max_user_namespaces && exec \"$@\"", "sh"];

        CliResult result = Cli.Execute(Command([], front, "run", "--bundle", bundle.Dir, Id), Options());

        Assert.Equal(1, result.Code);
        Assert.Matches(new Regex(@"^anocir run failed: cannot create init with namespaces '[a-z,]*user[a-z,]*' \(linux\.namespaces\): .* \(ENOSPC\); "
            + @"hint: user\.max_user_namespaces is 0: as root, sysctl -w user\.max_user_namespaces=15000$"), result.Error);
        AssertNoState();
    }

    [Fact]
    public void Root_of_a_user_namespace_runs_a_container_in_it()
    {
        // The shape of rootless podman and dockerd: they enter a user namespace first, the container has none of its own.
        Bundle bundle = NewBundle();
        Own(bundle.Dir);
        bundle.Config["linux"]!["resources"] = new JsonObject();
        bundle.Mounts.First(static m => (string?)m!["destination"] == "/dev/pts")!["options"] = Bundle.Json("newinstance", "ptmxmode=0666", "mode=0620");
        bundle.Probe("ids", "read", "/proc/self/uid_map", "stat", "/dev/null", "open", "/dev/zero", "r", "mounts", "read", "/proc/self/setgroups").Write();
        string[] front = [.. AsUser, "/usr/bin/unshare", "--user", "--map-root-user", "--mount"];

        CliResult result = Cli.Execute(Command([], front, "run", "--bundle", bundle.Dir, Id), Options());

        Assert.True(result is { Code: 0, Stderr: "" }, result.ToString());
        var inside = new Report(result.Stdout);
        Assert.Equal(("0 0 0 0", "deny"), (inside["uid"], inside["/proc/self/setgroups"].Trim()));
        Assert.Contains($"{User}", inside["/proc/self/uid_map"], StringComparison.Ordinal);
        Assert.Matches("^/dev/null char 0666 65534 65534 .*1:3 ", inside["stat"]);
        Assert.Equal("/dev/zero r ok", inside["open"]);
        Assert.Equal("sysfs", MountLine.At(inside, "/sys").Type);
        AssertNoState();
    }

    [Fact]
    public void The_namespaces_of_another_container_of_the_user_are_joined()
    {
        Bundle owner = NewUserBundle().Namespace("network").Probe("block");
        owner.Write();
        Quiet("create", "--bundle", owner.Dir, Id + "-owner");
        Quiet("start", Id + "-owner");
        string pid = JsonNode.Parse(Run([], "state", Id + "-owner").Stdout)!["pid"]!.ToString();
        Bundle bundle = NewUserBundle().Namespace("user", $"/proc/{pid}/ns/user").Namespace("network", $"/proc/{pid}/ns/net").Namespace("ipc", $"/proc/{pid}/ns/ipc");
        _ = (bundle.Linux.Remove("uidMappings"), bundle.Linux.Remove("gidMappings"));
        bundle.Probe("namespaces", "ids").Write();

        CliResult result = Run([], "run", "--bundle", bundle.Dir, Id);

        Assert.True(result is { Code: 0, Stderr: "" }, result.ToString());
        var inside = new Report(result.Stdout);
        Assert.Equal(
            (LinkOf(pid, "user"), LinkOf(pid, "net"), LinkOf(pid, "ipc"), "0 0 0 0"),
            (inside["ns-user"], inside["ns-net"], inside["ns-ipc"], inside["uid"]));
        Quiet("delete", "--force", Id + "-owner");
        AssertNoState();
    }

    private static void AssertOptions(MountLine mount, params string[] options) =>
        Assert.All(options, option => Assert.Contains(option, mount.Options));

    private static string LinkOf(string pid, string type) => new FileInfo($"/proc/{pid}/ns/{type}").LinkTarget!;

    private string StatusAsUser() => (string)JsonNode.Parse(Run([], "state", Id).Stdout)!["status"]!;

    private static int Owner(string path)
    {
        CliResult result = Cli.Execute(["/bin/busybox", "stat", "-c", "%u", path], new());
        return int.Parse(result.Stdout, System.Globalization.CultureInfo.InvariantCulture);
    }
}
