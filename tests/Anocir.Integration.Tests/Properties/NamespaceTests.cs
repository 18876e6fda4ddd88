using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Properties;

/// <summary>linux.namespaces: new ones, the runtime's, and others by path, for all eight types.</summary>
public sealed class NamespaceTests : ContainerTest
{
    private static readonly Dictionary<string, string> s_files = new()
    {
        ["pid"] = "pid", ["network"] = "net", ["mount"] = "mnt", ["ipc"] = "ipc", ["uts"] = "uts", ["user"] = "user", ["cgroup"] = "cgroup", ["time"] = "time",
    };

    public static TheoryData<string> Types() => [.. s_files.Keys];

    // A container's own mount namespace does not have the next bundle in it.
    public static TheoryData<string> JoinableTypes() => [.. s_files.Keys.Where(type => type != "mount")];

    [Theory]
    [MemberData(nameof(Types))]
    public void A_listed_namespace_is_new(string type)
    {
        Need(type);
        Bundle bundle = type == "user" ? NewBundle().UserNamespace() : NewBundle().Namespace(type);

        Assert.NotEqual(Own(type), Probe(bundle, "namespaces")["ns-" + s_files[type]]);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_namespace_that_is_not_listed_is_the_runtimes(string type)
    {
        Need(type);
        Bundle bundle = NewBundle().WithoutPaths().WithoutNamespace(type);
        if (type == "uts")
        {
            _ = bundle.Config.Remove("hostname");
        }

        if (type == "mount")
        {
            bundle.Mounts.Clear();
            bundle.Config["root"]!.AsObject().Remove("readonly");

            // Without a mount namespace the container's /proc is what its root has: nothing here.
            bundle.Probe("ids");
            Assert.Equal("0 0 0 0", new Report(RunBundle(bundle).Stdout)["uid"]);
            return;
        }

        Assert.Equal(Own(type), Probe(bundle, "namespaces")["ns-" + s_files[type]]);
    }

    // In the virtual machine too: systemd mounts cgroup2 with nsdelegate, where writes from within a cgroup namespace end at its root.
    [Theory]
    [MemberData(nameof(JoinableTypes))]
    [Trait("Lane", "every")]
    public void A_path_is_joined(string type)
    {
        Need(type);
        string other = Id + "-other";
        Bundle owner = NewBundle().Namespace("cgroup").UserNamespace().Probe("block");
        owner = type == "time" ? owner.Namespace("time") : owner;
        _ = CreateAs(other, owner);
        string path = $"/proc/{Pid(other)}/ns/{s_files[type]}";
        Bundle bundle = NewBundle().WithoutPaths().Namespace(type, path);
        if (type == "uts")
        {
            _ = bundle.Config.Remove("hostname");
        }

        if (type is not "user")
        {
            // What belongs to a user namespace can be used only from within it or its parents; root of the host may.
            Assert.Equal(LinkOf(path), Probe(bundle, "namespaces")["ns-" + s_files[type]]);
        }
        else
        {
            Report inside = Probe(bundle, "namespaces", "ids", "read", "/proc/self/uid_map");
            Assert.Equal(LinkOf(path), inside["ns-user"]);
            Assert.Equal("0 0 0 0", inside["uid"]);
            Assert.Contains("100000", inside["/proc/self/uid_map"], StringComparison.Ordinal);
        }

        Delete(other);
    }

    [Fact]
    public void A_mount_namespace_of_the_host_is_joined()
    {
        using Spawned owner = Cli.Start(["/usr/bin/unshare", "--mount", "/bin/busybox", "sleep", "1000"], new());
        string path = $"/proc/{owner.Pid}/ns/mnt";
        Deadline.WaitFor(() => LinkOf(path) != Own("mount"), "unshare to have its namespace");

        Assert.Equal(LinkOf(path), Probe(NewBundle().Namespace("mount", path), "namespaces")["ns-mnt"]);
    }

    [Theory]
    [InlineData("/proc/self/ns/net", "is a namespace of type network, not of type ipc")]
    [InlineData("/etc/passwd", "is not a namespace")]
    [InlineData("/no/such/file", "no such file or directory (ENOENT)")]
    public void A_path_to_something_else_is_refused_with_its_place_in_the_config(string path, string message)
    {
        Bundle bundle = NewBundle().Namespace("ipc", path);
        bundle.Write();

        CliResult result = Fails(message, "run", "--bundle", bundle.Dir, Id);

        Assert.Contains($"linux.namespaces[{bundle.Linux["namespaces"]!.AsArray().Count - 1}].path: ", result.Stderr, StringComparison.Ordinal);
        Assert.Contains(path, result.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public void Clocks_of_a_time_namespace_are_moved_by_their_offsets()
    {
        Require.TimeNamespaces();
        long monotonic = Environment.TickCount64 / 1000, boot = Uptime();
        long back = Math.Min(100, boot / 2); // no clock can be moved to before its beginning
        Bundle bundle = NewBundle().Namespace("time").Linux(
            "timeOffsets", """{"monotonic":{"secs":1000000,"nanosecs":5},"boottime":{"secs":-""" + back + "}}");

        Report inside = Probe(bundle, "clocks");

        Assert.InRange(long.Parse(inside["monotonic"], null), monotonic + 999_998, monotonic + 1_000_060);
        Assert.InRange(long.Parse(inside["boottime"], null), boot - back - 1, Uptime() - back + 1);

        static long Uptime() =>
            (long)double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Loopback_is_up_in_a_new_network_namespace()
    {
        Bundle bundle = NewBundle().Shell("ip addr show dev lo");

        string text = RunBundle(bundle).Stdout;

        Assert.Contains("<LOOPBACK,UP,LOWER_UP>", text, StringComparison.Ordinal);
        Assert.Contains("inet 127.0.0.1/8", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_cgroup_namespace_has_the_containers_cgroup_as_its_root()
    {
        Report inside = Probe(NewBundle().Namespace("cgroup"), "cgroup");

        Assert.All(inside.All("cgroup"), line => Assert.EndsWith(":/", line, StringComparison.Ordinal));
    }

    private static void Need(string type)
    {
        if (type == "time")
        {
            Require.TimeNamespaces();
        }
    }

    private static string Own(string type) => LinkOf("/proc/self/ns/" + s_files[type]);

    private static string LinkOf(string path) => new FileInfo(path).LinkTarget!;
}
