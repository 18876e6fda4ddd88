using System;
using System.IO;
using System.Linq;
using Anocir.Integration.Tests.Fixture;
using Anocir.Integration.Tests.Properties;
using Xunit;

namespace Anocir.Integration.Tests.Exec;

/// <summary>What the process gets without any option: what the container's own program got.</summary>
public sealed class ExecDefaultsTests : ExecTest
{
    private static readonly string[] s_words = ["ids", "caps", "limits", "namespaces", "cgroup", "keyring", "env", "signals", "process"];

    // What tells one process from another.
    private static readonly string[] s_own = ["pid", "ppid", "pgid", "sid", "ready"];

    [Fact]
    public void User_rights_limits_namespaces_cgroups_keyring_and_environment_are_the_containers()
    {
        Bundle bundle = NewBundle()
            .Process("user", """{"uid":1000,"gid":1000,"umask":63,"additionalGids":[5,6]}""")
            .Process("env", """["PATH=/bin","A=1"]""")
            .Process("cwd", "\"/tmp\"")
            .Process("rlimits", """[{"type":"RLIMIT_NOFILE","soft":100,"hard":200},{"type":"RLIMIT_CORE","soft":0,"hard":0}]""")
            .Process("noNewPrivileges", "true")
            .Process("oomScoreAdj", "300")
            .Linux("seccomp", """{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["sethostname"],"action":"SCMP_ACT_ERRNO","errnoRet":99}]}""");
        using Spawned container = Container(bundle, s_words);
        Report own = new(container.Stdout);

        // Later edits of the bundle have no effect.
        bundle.Process["env"] = Bundle.Json("B=2");
        bundle.Write();
        Report inside = Inside([], s_words);
        const string SetHostName = "170:0:0";
        Report filtered = Inside([], "syscall", SetHostName, "status");

        Assert.Equal(Comparable(own), Comparable(inside));
        Assert.Equal(("/tmp", "0077", "300", "1", "2"), (inside["cwd"], inside["umask"], inside["oom_score_adj"], inside["nnp"], inside["seccomp"]));
        Assert.Equal(inside["pid"], inside["sid"]);
        Assert.Equal(["PATH=/bin", "A=1", "HOME=/home/user"], inside.All("env"));
        Assert.Equal("100 200", inside.All("rlimit").Single(static line => line.StartsWith("NOFILE", StringComparison.Ordinal))["NOFILE ".Length..]);
        Assert.Equal("5 6", inside["groups"]);
        Assert.Contains("E99", filtered.ToString(), StringComparison.Ordinal);
        DeleteContainer();
    }

    [Fact]
    public void Nothing_but_the_standard_streams_is_open_and_no_signal_is_blocked_or_ignored()
    {
        using Spawned container = Container(NewBundle());

        CliResult result = Anocir(
            new SpawnOptions { Launch = ["ignore=1,2,13", "block=10"], Fds = new() { [3] = 0, [7] = 0 } }, "exec", Id, "/bin/probe", "fds", "signals");

        Assert.Equal((0, ""), (result.Code, result.Stderr));
        Report inside = new(result.Stdout);
        Assert.Equal(["0", "1", "2"], inside.All("fd").Select(static fd => fd.Split(' ')[0]));
        Assert.Equal((0ul, 0ul), (inside.Mask("sig-ignored"), inside.Mask("sig-blocked")));
        Assert.Equal("0", inside["pdeathsig"]);
        DeleteContainer();
    }

    [Fact]
    public void Root_of_a_user_namespace()
    {
        Require.UserNamespaces();
        using Spawned container = Container(NewBundle().UserNamespace().Process("rlimits", """[{"type":"RLIMIT_NOFILE","soft":64,"hard":64}]"""), "namespaces", "caps", "limits");
        Report own = new(container.Stdout);

        Report inside = Inside([], "namespaces", "caps", "limits");
        Report other = Inside(["--user", "1000:1000", "--additional-gids", "7"], "ids", "read", "/proc/self/uid_map");

        Assert.Equal(Comparable(own), Comparable(inside));
        Assert.Equal(("1000 1000 1000 1000", "7"), (other["uid"], other["groups"]));
        Assert.Contains("100000", other["/proc/self/uid_map"], StringComparison.Ordinal);
        Refused("invalid config: process.user.uid: cannot set uid to unmapped user in user namespace, got 70000", ["--user", "70000"], "/bin/true");
        DeleteContainer();
    }

    // Neither of these has a mount namespace whose root is the container's.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_root_is_the_containers_whatever_way_it_was_changed(bool withoutMountNamespace)
    {
        Bundle bundle = NewBundle().WithoutPaths();
        if (withoutMountNamespace)
        {
            _ = bundle.WithoutNamespace("mount");
            bundle.Config["mounts"] = Bundle.Json();
        }

        File.WriteAllText(bundle.Rootfs + "/here", Tag);
        bundle.Probe("block").Write();
        using Spawned created = Start(["create", "--bundle", bundle.Dir, .. (string[])(withoutMountNamespace ? [] : ["--no-pivot"]), Id]);
        Assert.Equal(0, created.Wait().Code);
        _ = Ok("start", Id);
        created.WaitForOutput("ready");

        Assert.Equal(Tag, Output([], 0, "/bin/cat", "/here"));

        DeleteContainer();
    }

    [Fact]
    public void Home_is_that_of_the_passwd_file_that_is_there_now()
    {
        Bundle bundle = NewBundle().Writable();
        using Spawned container = Container(bundle);
        string[] home = ["/bin/sh", "-c", "echo $HOME"];

        Assert.Equal("/home/user\n", Output(["--user", "1000"], 0, home));
        Assert.Equal("/\n", Output(["--user", "4711"], 0, home));
        File.AppendAllText(bundle.Rootfs + "/etc/passwd", "late:x:4711:0::/late:/bin/sh\n");
        Assert.Equal("/late\n", Output(["--user", "4711"], 0, home));
        Assert.Equal("/mine\n", Output(["--user", "4711", "--env", "HOME=/mine"], 0, home));
        DeleteContainer();
    }

    private static string[] Comparable(Report report) =>
        [.. report.ToString().Split('\n').Where(static line => !s_own.Contains(line[..line.IndexOf(':', StringComparison.Ordinal)]))];
}
