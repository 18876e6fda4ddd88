using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using Anocir.Integration.Tests.Fixture;
using Anocir.Integration.Tests.Properties;
using Xunit;

namespace Anocir.Integration.Tests.Lifecycle;

/// <summary>The six kinds of hooks: when, where, what they read, and what follows when one fails (config.md "POSIX-platform Hooks").</summary>
public sealed class HookTests : ContainerTest
{
    private static readonly string[] s_kinds = ["prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"];

    [Fact]
    public void Each_kind_comes_in_its_time_and_reads_the_state()
    {
        Bundle bundle = NewBundle().Shell("echo program >>/log").Writable();
        bundle.Config["annotations"] = JsonNode.Parse("""{"key":"va\"lue"}""");
        foreach (string kind in s_kinds)
        {
            string root = kind == "startContainer" ? "" : bundle.Rootfs;
            _ = bundle.HookScript(kind, $"echo {kind} 1 >>{root}/log; cat >{root}/{kind}");
            _ = bundle.HookScript(kind, $"echo {kind} 2 >>{root}/log"); // does not read its stdin
        }

        string[] Log() => File.ReadAllLines(bundle.Rootfs + "/log");
        _ = Create(bundle);
        string[] created = ["prestart 1", "prestart 2", "createRuntime 1", "createRuntime 2", "createContainer 1", "createContainer 2"];
        Assert.Equal(created, Log());
        int pid = Pid();
        _ = Ok("start", Id);
        WaitForStatus("stopped");
        string[] started = ["startContainer 1", "startContainer 2"];
        Assert.Equal([.. created, .. started], Log().Take(8));
        Assert.Equal(["poststart 1", "poststart 2", "program"], Log()[8..].Order()); // poststart and the program run side by side
        _ = Ok("delete", Id);
        Assert.Equal(["poststop 1", "poststop 2"], Log()[11..]);

        // status as in runc; hooks in the container's namespaces see its PID as the container does.
        foreach ((string kind, string status, int seen) in ((string, string, int)[])[
            ("prestart", "created", pid), ("createRuntime", "creating", pid), ("createContainer", "creating", 1), ("startContainer", "created", 1),
            ("poststart", "running", pid), ("poststop", "stopped", 0)])
        {
            JsonObject state = JsonNode.Parse(File.ReadAllText($"{bundle.Rootfs}/{kind}"))!.AsObject();
            Assert.Equal((kind, status, seen), (kind, (string?)state["status"], (int?)state["pid"] ?? 0));
            Assert.Equal((Id, bundle.Dir, "va\"lue"), ((string?)state["id"], (string?)state["bundle"], (string?)state["annotations"]!["key"]));
            Assert.NotNull(state["ociVersion"]);
        }
    }

    [Fact]
    public void Each_kind_runs_in_its_namespaces_directory_and_with_its_arguments()
    {
        Bundle bundle = NewBundle().Args("/bin/true").Writable().Process("cwd", "\"/etc\"");
        foreach (string kind in s_kinds)
        {
            string root = kind == "startContainer" ? "" : bundle.Rootfs;
            string script = $"(readlink /proc/self/ns/uts; pwd; readlink /proc/self/root; echo \"$0 $1\") >{root}/{kind}";
            _ = bundle.Hook(kind, "/bin/busybox", ["sh", "-c", script, "zero", "a b"]);
        }

        _ = RunBundle(bundle);
        string host = new FileInfo("/proc/self/ns/uts").LinkTarget!;
        foreach (string kind in s_kinds)
        {
            string[] lines = File.ReadAllLines($"{bundle.Rootfs}/{kind}");
            bool inside = kind is "createContainer" or "startContainer";
            Assert.Equal((kind, inside), (kind, lines[0] != host));
            Assert.Equal(
                (kind, kind switch { "createContainer" => bundle.Rootfs, "startContainer" => "/etc", _ => bundle.Dir }), (kind, lines[1]));
            Assert.Equal((kind, "zero a b"), (kind, lines[3]));
        }
    }

    [Theory]
    [InlineData("prestart")]
    [InlineData("createRuntime")]
    [InlineData("createContainer")]
    [InlineData("startContainer")]
    [InlineData("poststart")]
    public void A_failing_hook_ends_the_container(string kind)
    {
        Bundle bundle = NewBundle().Args("/bin/sleep", "1000").Writable();
        string root = kind == "startContainer" ? "" : bundle.Rootfs;
        _ = bundle.HookScript(kind, "exit 0").HookScript(kind, "echo said so >&2; exit 3").HookScript(kind, $"touch {root}/third");
        _ = bundle.HookScript("poststop", $"touch {bundle.Rootfs}/poststop");
        bundle.Write();
        bool inside = kind is "createContainer" or "startContainer";
        string message = $"error running {kind} hook #1: exit status 3, "
            + (inside ? "output: said so" : "stdout: , stderr: said so");
        _ = Fails("anocir run failed: " + message, "run", "--bundle", bundle.Dir, "--pid-file", Temp + "/pid", Id);
        Assert.False(File.Exists(Temp + "/pid"));
        Assert.False(File.Exists(bundle.Rootfs + "/third"));
        Assert.True(File.Exists(bundle.Rootfs + "/poststop"));
        _ = Fails("container does not exist", "state", Id);

        if (kind is "startContainer" or "poststart")
        {
            // In two commands the container stays, stopped, for its delete.
            _ = Create(bundle);
            _ = Fails(message, "start", Id);
            WaitForStatus("stopped");
            _ = Ok("delete", Id);
        }
        else
        {
            _ = Fails("anocir create failed: " + message, "create", "--bundle", bundle.Dir, Id);
        }
    }

    [Fact]
    public void A_kill_during_a_start_container_hook_is_no_start()
    {
        Bundle bundle = NewBundle().Args("/bin/true").Writable();
        _ = bundle.HookScript("startContainer", "echo >/reached; sleep 1000");
        string reached = bundle.Rootfs + "/reached";
        const string Message = "container init died before the program started";

        _ = Create(bundle);
        int pid = Pid();
        using (Spawned start = Start("start", Id))
        {
            Deadline.WaitFor(() => File.Exists(reached), "the hook to run");
            _ = Native.kill(pid, 9);
            CliResult result = start.Wait();
            Assert.Equal((1, true), (result.Code, result.Error.StartsWith(Message, System.StringComparison.Ordinal)));
        }

        WaitForStatus("stopped");
        _ = Ok("delete", Id);
        File.Delete(reached);
        using (Spawned run = Start("run", "--bundle", bundle.Dir, Id))
        {
            Deadline.WaitFor(() => File.Exists(reached), "the hook to run");
            _ = Native.kill(Pid(), 9);
            CliResult result = run.Wait();
            Assert.Equal((1, true), (result.Code, result.Error.StartsWith("anocir run failed: " + Message, System.StringComparison.Ordinal)));
        }

        _ = Fails("container does not exist", "state", Id);
    }

    // Its program is the image's, so the container's filter holds for it; profiles refuse clone3 with ENOSYS, which must not matter.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_start_container_hook_runs_under_the_filter(bool noNewPrivileges)
    {
        Bundle bundle = NewBundle().Args("/bin/echo", "never").Process("noNewPrivileges", noNewPrivileges ? "true" : "false")
            .Process("rlimits", """[{"type":"RLIMIT_CORE","soft":0,"hard":0}]""")
            .Linux("seccomp", """
            {"defaultAction":"SCMP_ACT_ALLOW","syscalls":[
              {"names":["clone3"],"action":"SCMP_ACT_ERRNO","errnoRet":38},
              {"names":["mkdir","mkdirat"],"action":"SCMP_ACT_KILL"}]}
            """)
            .Hook("startContainer", "/bin/true", ["true"]).Hook("startContainer", "/bin/mkdir", ["mkdir", "/dev/shm/x"]);
        bundle.Write();

        _ = Fails("anocir run failed: error running startContainer hook #1: signal: bad system call", "run", "--bundle", bundle.Dir, Id);
    }

    [Fact]
    public void A_failing_poststop_hook_is_a_warning_and_the_others_run()
    {
        Bundle bundle = NewBundle().Args("/bin/true").HookScript("poststop", "echo why; exit 4").HookScript("poststop", $"touch {Temp}/second");
        bundle.Write();
        CliResult result = Anocir("run", "--bundle", bundle.Dir, Id);
        Assert.Equal(0, result.Code);
        Assert.Contains("level=warning msg=\"error running poststop hook #0: exit status 4, stdout: why", result.Stderr, System.StringComparison.Ordinal);
        Assert.True(File.Exists(Temp + "/second"));
    }

    [Theory]
    [InlineData("createRuntime")]
    [InlineData("createContainer")]
    [InlineData("startContainer")]
    [InlineData("poststop")]
    public void A_hook_that_runs_past_its_timeout_is_killed(string kind)
    {
        Bundle bundle = NewBundle().Args("/bin/true").Writable();
        string root = kind == "startContainer" ? "" : bundle.Rootfs;
        _ = bundle.HookScript(kind, $"echo $$ >{root}/pid; exec sleep 1000", timeout: 1);
        bundle.Write();
        CliResult result = Anocir("run", "--bundle", bundle.Dir, Id);
        Assert.Equal(kind == "poststop" ? 0 : 1, result.Code);
        Assert.Contains($"error running {kind} hook", result.Stderr, System.StringComparison.Ordinal);
        Assert.Contains("hook ran past ", result.Stderr, System.StringComparison.Ordinal);
        Assert.True(File.Exists(bundle.Rootfs + "/pid"));
    }

    [Theory]
    [InlineData("createRuntime", "/no/such/hook")]
    [InlineData("createContainer", "/no/such/hook")]
    [InlineData("startContainer", "/no/such/hook")]
    public void A_hook_that_is_missing_is_named(string kind, string path)
    {
        Bundle bundle = NewBundle().Hook(kind, path, []);
        bundle.Write();
        CliResult result = Fails($"error running {kind} hook", "run", "--bundle", bundle.Dir, Id);
        Assert.Contains("no such file or directory", result.Error, System.StringComparison.Ordinal);
        Assert.Contains(path, result.Error, System.StringComparison.Ordinal);
    }
}
