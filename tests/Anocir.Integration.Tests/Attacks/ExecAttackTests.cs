using System;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using Anocir.Integration.Tests.Exec;
using Anocir.Integration.Tests.Fixture;
using Anocir.Integration.Tests.Properties;
using Xunit;

namespace Anocir.Integration.Tests.Attacks;

/// <summary>Hostile containers into which somebody executes a program. Tests named after a CVE try what it was about.</summary>
public sealed class ExecAttackTests : ExecTest
{
    // The new process waits, all set up, for its controller: the longest moment in which the container can see it and it is not yet the program.
    [Fact]
    public void CVE_2016_9962_nothing_of_a_process_being_added_can_be_read_or_traced()
    {
        using Spawned container = Container(NewBundle());
        using var socket = new UnixListener($"{Temp}/held.sock", held: true);
        using Spawned exec = Held(socket, out int pid, "/bin/true");
        string inner = Proc.Status(pid, "NSpid")!.Split('\t')[^1];
        int init = Pid();
        (int fd, string what) = Proc.Fds(pid).Single(static fd => fd.Key > 2);

        Report seen = Inside(
            [], "link", $"/proc/{inner}/exe", "link", $"/proc/{inner}/fd/{Number(fd)}", "open", $"/proc/{inner}/mem", "r", "open", $"/proc/{inner}/maps", "r",
            "syscall", $"101:16:{inner}:0", "syscall", $"434:{inner}:0:0");

        Assert.Equal("!EACCES", seen[$"/proc/{inner}/exe"]);
        Assert.Equal("!EACCES", seen[$"/proc/{inner}/fd/{Number(fd)}"]);
        Assert.Equal([$"/proc/{inner}/mem r EACCES", $"/proc/{inner}/maps r EACCES"], seen.All("open"));
        Assert.Contains("EPERM", seen.All("syscall")[0], StringComparison.Ordinal); // PTRACE_ATTACH
        Assert.DoesNotContain("E", seen.All("syscall")[1], StringComparison.Ordinal); // it does exist

        // Its only descriptor is the socket; root and working directory are the container's.
        Assert.StartsWith("socket:", what, StringComparison.Ordinal);
        foreach (string link in (string[])["ns/mnt", "ns/net", "ns/ipc", "ns/uts", "ns/pid"])
        {
            Assert.Equal(new FileInfo($"/proc/{init}/{link}").LinkTarget, new FileInfo($"/proc/{pid}/{link}").LinkTarget);
        }

        socket.Release();
        Assert.Equal(0, exec.Wait().Code);
        DeleteContainer();
    }

    // The program is a script whose interpreter is "the program that executes me".
    [Fact]
    public void CVE_2019_5736_the_runtimes_binary_is_out_of_reach()
    {
        byte[] before = File.ReadAllBytes(Paths.Anocir);
        Bundle bundle = NewBundle().Writable();
        File.WriteAllText(bundle.Rootfs + "/self", "#!/proc/self/exe\n");
        File.SetUnixFileMode(bundle.Rootfs + "/self", (UnixFileMode)0x1ed);
        using Spawned container = Container(bundle);

        CliResult self = Exec([], "/self");
        Assert.Equal(125, self.Code); // anocir-init without a plan: a memfd, not the host's file
        using var socket = new UnixListener($"{Temp}/held.sock", held: true);
        using Spawned exec = Held(socket, out int pid, "/bin/true");
        string exe = new FileInfo($"/proc/{pid}/exe").LinkTarget!;
        Assert.Contains("memfd:anocir-init", exe, StringComparison.Ordinal);
        int fd = Native.open($"/proc/{pid}/exe", Native.WrOnly | Native.CloExec, 0);
        Assert.True(fd < 0, "even root of the host cannot open it for writing while it runs");
        socket.Release();
        Assert.Equal(0, exec.Wait().Code);
        Assert.Equal(before, File.ReadAllBytes(Paths.Anocir));
        DeleteContainer();
    }

    [Fact]
    public void CVE_2024_21626_no_working_directory_leads_to_the_host()
    {
        using Spawned container = Container(NewBundle());

        for (int fd = 3; fd < 10; fd++)
        {
            CliResult result = Exec([$"--cwd=/proc/self/fd/{Number(fd)}"], "/bin/sh", "-c", "pwd; cd ../../../..; ls");
            Assert.Equal((255, ""), (result.Code, result.Stdout));
            Assert.StartsWith($"exec failed: cannot change to directory '/proc/self/fd/{Number(fd)}' (process.cwd): ", result.Error, StringComparison.Ordinal);
        }

        DeleteContainer();
    }

    [Fact]
    public void CVE_2022_24769_CVE_2022_27650_CVE_2022_29162_capabilities_are_never_inheritable_unless_asked_for()
    {
        using Spawned container = Container(NewBundle());

        Report inside = Inside(["--cap", "CAP_NET_RAW", "--user", "1000:1000"], "caps");

        Assert.Equal((0ul, 0ul, 0ul), (inside.Mask("cap-inheritable"), inside.Mask("cap-ambient"), inside.Mask("cap-effective")));
        DeleteContainer();
    }

    [Theory]
    [InlineData("root", "bad uid")]
    [InlineData("1000x", "bad uid")]
    [InlineData(" 1000", "bad uid")]
    [InlineData("+1000", "bad uid")]
    [InlineData("-1", "bad uid")]
    [InlineData("4294967295", "bad uid")]
    [InlineData("4294967296", "bad uid")]
    [InlineData(":0", "bad uid")]
    [InlineData("1000:", "bad gid")]
    [InlineData("1000:0x0", "bad gid")]
    [InlineData("1000:1:2", "bad gid")]
    public void CVE_2026_30892_a_user_that_is_no_number_is_an_error_never_root(string user, string rule)
    {
        _ = Create(NewBundle());

        CliResult result = Exec(["--user", user], "/bin/id");

        Assert.Equal((255, ""), (result.Code, result.Stdout));
        Assert.StartsWith("exec failed: " + rule + ": \"", result.Error, StringComparison.Ordinal);
        Delete();
    }

    [Fact]
    public void CVE_2016_3697_names_in_the_image_decide_nothing()
    {
        Bundle bundle = NewBundle();
        File.WriteAllText(bundle.Rootfs + "/etc/passwd", "1000:x:0:0::/rooted:/bin/sh\nroot:x:1000:1000::/other:/bin/sh\n");
        using Spawned container = Container(bundle);

        Report inside = Inside(["--user", "1000:1000"], "ids", "env");

        Assert.Equal("1000 1000 1000 1000", inside["uid"]);
        Assert.Contains("HOME=/other", inside.All("env"));
        DeleteContainer();
    }

    // Nothing in the container is needed, and nothing that lies there is waited for.
    [Fact]
    public void Proc_and_dev_full_of_traps()
    {
        Bundle bundle = NewBundle().WithoutPaths().Writable();
        bundle.Config["mounts"] = Bundle.Json();
        foreach (string directory in (string[])["proc/self/fd", "proc/self/attr", "proc/sys/kernel", "dev/pts"])
        {
            _ = Directory.CreateDirectory($"{bundle.Rootfs}/{directory}");
        }

        foreach (string file in (string[])["proc/self/exe", "proc/self/oom_score_adj", "proc/self/attr/exec", "proc/sys/kernel/cap_last_cap", "dev/pts/ptmx"])
        {
            _ = Native.Check(Native.mkfifo($"{bundle.Rootfs}/{file}", 0x1b6), "mkfifo");
        }

        File.Delete(bundle.Rootfs + "/etc/passwd");
        _ = Native.Check(Native.mkfifo(bundle.Rootfs + "/etc/passwd", 0x1b6), "mkfifo");
        _ = Native.Check(Native.mkfifo(bundle.Rootfs + "/bin/pipe", 0x1ff), "mkfifo");
        using Spawned container = Container(bundle);
        JsonObject process = Process("ids", "env");
        process["oomScoreAdj"] = 200;

        Report inside = Inside(["--process", ProcessFile(process)]);

        Assert.Equal("0 0 0 0", inside["uid"]);
        Assert.Equal(["PATH=/bin", "HOME=/"], inside.All("env"));
        Refused("exec: \"/bin/pipe\": permission denied; hint: the file needs the x bit, the user every directory above it, and no mount of it may be noexec", [], "/bin/pipe");
        CliResult terminal = Exec(["--tty"], "/bin/true");
        Assert.Equal(255, terminal.Code);
        Assert.StartsWith("exec failed: cannot set up the terminal (process.terminal): ", terminal.Error, StringComparison.Ordinal);
        DeleteContainer();
    }

    [Fact]
    public void CVE_2025_52565_a_terminal_from_something_that_is_no_devpts_is_refused()
    {
        Bundle bundle = NewBundle();
        using Spawned container = Container(bundle.Capabilities("CAP_SYS_ADMIN", "CAP_MKNOD"));
        Assert.Contains("ok", Output([], 0, "/bin/probe", "mount", "/dev/pts"), StringComparison.Ordinal);

        CliResult result = Exec(["--tty"], "/bin/true");

        Assert.Equal(255, result.Code);
        Assert.StartsWith("exec failed: cannot set up the terminal (process.terminal): invalid cross-device link (EXDEV)", result.Error, StringComparison.Ordinal);
        DeleteContainer();
    }

    // Whoever made a user namespace may trace and read all in it: a process with the host's rights, its environment and its groups must not go there.
    [Fact]
    public void A_user_namespace_that_init_has_made_for_itself_is_not_joined()
    {
        Require.UserNamespaces();
        Bundle bundle = NewBundle().Shell("exec busybox unshare -U sh -c 'echo ready; exec sleep 1000'");
        bundle.Process["user"] = new JsonObject { ["uid"] = 1000, ["gid"] = 1000 };
        using Spawned container = CreateWithOutput(bundle);
        _ = Ok("start", Id);
        container.WaitForOutput("ready");
        Assert.NotEqual(new FileInfo("/proc/self/ns/user").LinkTarget, new FileInfo($"/proc/{Pid()}/ns/user").LinkTarget);

        Report inside = Inside(["--user", "0:0"], "ids", "namespaces");

        Assert.Equal(("0 0 0 0", ""), (inside["uid"], inside["groups"]));
        Assert.Equal(new FileInfo("/proc/self/ns/user").LinkTarget, inside["ns-user"]);
        DeleteContainer();
    }

    // In a container with a user namespace, a second one below it is where init is, and setgroups(2) is denied there.
    [Fact]
    public void The_callers_groups_do_not_come_along_where_setgroups_is_denied()
    {
        Require.UserNamespaces();
        Bundle bundle = NewBundle().UserNamespace().Shell("exec busybox unshare -U -r sh -c 'echo ready; exec sleep 1000'");
        bundle.Process["user"] = new JsonObject { ["uid"] = 1000, ["gid"] = 1000 };
        using Spawned container = CreateWithOutput(bundle);
        _ = Ok("start", Id);
        container.WaitForOutput("ready");
        Assert.Equal("deny", File.ReadAllText($"/proc/{Pid()}/setgroups").Trim());

        CliResult result = Cli.Execute(["/usr/bin/setpriv", "--groups", "1,6", "--", Paths.Anocir, "--root", Root, "exec", "--user", "0:0", Id, "/bin/probe", "ids"], new SpawnOptions());

        Assert.Equal((0, ""), (result.Code, new Report(result.Stdout)["groups"]));
        DeleteContainer();
    }

    [Fact]
    public void A_shell_that_is_no_program_and_a_library_that_is_missing()
    {
        Bundle bundle = NewBundle();
        File.WriteAllBytes(bundle.Rootfs + "/elf", [0x7f, (byte)'E', (byte)'L', (byte)'F', .. new byte[60]]);
        File.SetUnixFileMode(bundle.Rootfs + "/elf", (UnixFileMode)0x1ed);
        _ = File.CreateSymbolicLink(bundle.Rootfs + "/loop", "loop");
        using Spawned container = Container(bundle);

        Refused("exec /elf: exec format error; hint: it is a program for another architecture, this machine is amd64: use an image for this architecture", [], "/elf");
        Refused("exec: \"/loop\": too many levels of symbolic links (ELOOP)", [], "/loop");
        DeleteContainer();
    }
}
