using System;
using System.IO;
using System.Text.Json.Nodes;
using Anocir.Integration.Tests.Exec;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Rootless;

/// <summary>What a user does with a container that is there: processes added to it, and the commands that want a cgroup it does not have.</summary>
public sealed class RootlessExecTests : RootlessTest
{
    [Fact]
    public void Processes_are_added_with_every_id_of_the_map()
    {
        Require.Program("/usr/bin/newuidmap");
        Require.Program("/usr/bin/newgidmap");
        Bundle bundle = ManyIds().Probe("block");
        bundle.Config["root"]!["readonly"] = false;
        File.SetUnixFileMode(bundle.Rootfs + "/tmp", (UnixFileMode)0x3ff);
        bundle.Write();
        CliResult created = Run(Allowed(), "create", "--bundle", bundle.Dir, Id);
        Assert.True(created is { Code: 0, Stdout: "", Stderr: "" }, created.ToString());
        Refused(255, "exec failed: cannot examine '/proc/N/ns/ipc': permission denied (EACCES); "
            + "hint: without root a container that waits for start cannot be entered: anocir start it first", "exec", Id, "/bin/probe", "ids");
        Quiet("start", Id);

        Report inside = Exec([], "ids", "namespaces", "read", "/proc/self/setgroups");
        Assert.Equal(("0 0 0 0", "0 0 0 0", ""), (inside["uid"], inside["gid"], inside["groups"].Trim()));
        Assert.Equal("allow", inside["/proc/self/setgroups"].Trim());
        string pid = JsonNode.Parse(Run([], "state", Id).Stdout)!["pid"]!.ToString();
        Assert.Equal(new FileInfo($"/proc/{pid}/ns/user").LinkTarget, inside["ns-user"]);

        // Another user of the map, with groups, a directory and variables, without root of the host having any part in it.
        inside = Exec(
            ["--user", "1000:1001", "--additional-gids", "7", "--cwd", "/tmp", "--env", "A=b", "--cap", "CAP_NET_RAW"],
            "ids", "caps", "env", "open", "/tmp/mine", "c");
        Assert.Equal(("1000 1000 1000 1000", "1001 1001 1001 1001", "7"), (inside["uid"], inside["gid"], inside["groups"].Trim()));
        Assert.Contains("A=b", inside.All("env"));
        Assert.Equal(1UL << 13, inside.Mask("cap-bounding") & (1UL << 13));
        Assert.Equal("200999 201000\n", Cli.Execute(["/bin/busybox", "stat", "-c", "%u %g", bundle.Rootfs + "/tmp/mine"], new()).Stdout);
        File.Delete(bundle.Rootfs + "/tmp/mine");

        // A terminal belongs to who uses it.
        using var keyboard = new Pty();
        using (Spawned exec = Cli.Start(
            Command([], AsUser, "exec", "--tty", "--user", "1000", Id, "/bin/probe", "tty", "ids", "exit", "5"), Options(terminal: keyboard.Path)))
        {
            Assert.Equal(5, exec.Wait().Code);
            keyboard.WaitFor("uid\t1000 1000 1000 1000");
            Assert.Contains("dev-tty\topen", keyboard.Seen, StringComparison.Ordinal);
        }

        // Detached.
        string pidFile = RuntimeDir + "/exec.pid";
        Quiet("exec", "--detach", "--pid-file", pidFile, Id, "/bin/sh", "-c", "echo >/tmp/detached; exec sleep 1000");
        Assert.Equal(User.ToString(System.Globalization.CultureInfo.InvariantCulture), Cli.Execute(["/bin/busybox", "stat", "-c", "%u", "/proc/" + File.ReadAllText(pidFile)], new()).Stdout.Trim());
        Deadline.WaitFor(() => File.Exists(bundle.Rootfs + "/tmp/detached"), "the detached process");
        File.Delete(bundle.Rootfs + "/tmp/detached");

        // What needs a cgroup says why there is none.
        string none = $"container '{Id}' has no cgroup of its own: it was made with --cgroup-manager disabled, or without root where no cgroup was delegated; "
            + "hint: make it in a delegated one (systemd-run --user --scope -p Delegate=yes COMMAND)";
        foreach (string[] command in (string[][])[["ps", Id], ["update", "--pids-limit", "9", Id]])
        {
            Refused(1, none, command);
        }

        int detached = int.Parse(File.ReadAllText(pidFile), System.Globalization.CultureInfo.InvariantCulture);
        _ = Native.kill(detached, 9);
        ExecTest.Gone(detached);
        Quiet("delete", "--force", Id);
        AssertNoState();
    }

    private Report Exec(string[] flags, params string[] words)
    {
        CliResult result = Run([], ["exec", .. flags, Id, "/bin/probe", .. words]);
        Assert.True(result is { Code: 0, Stderr: "" }, result.ToString());
        return new Report(result.Stdout);
    }

    private void Refused(int code, string message, params string[] args)
    {
        CliResult result = Run([], args);
        Assert.Equal((code, message), (result.Code, System.Text.RegularExpressions.Regex.Replace(result.Error, "/proc/[0-9]+/", "/proc/N/")));
    }
}
