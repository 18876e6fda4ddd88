using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Checkpoints;

/// <summary>
/// Containers that are saved and go on from there, with a real CRIU. In the virtual machine: Debian 12's is too old for the kernels of the other lanes
/// (tests/engines has newer ones).
/// </summary>
[Trait("Lane", "vm")]
public sealed class CheckpointTests : ContainerTest
{
    // Without a child: CRIU cannot stop a shell while a child of vfork(2) has not executed its program yet.
    private const string Counter =
        "mknod /dev/shm/never p; exec 3<>/dev/shm/never; i=0; while :; do i=$((i+1)); echo $i >/dev/shm/count; read -t 0.1 line <&3; done";

    public CheckpointTests() => Require.Program("/usr/sbin/criu");

    private string Images => Temp + "/images";

    private string Work => Temp + "/work";

    [Theory]
    [InlineData("--cgroup-manager=cgroupfs")]
    [InlineData("--cgroup-manager=systemd")]
    public void A_program_goes_on_where_it_was(string driver)
    {
        Bundle bundle = Counting();
        Directory.CreateDirectory(Temp + "/volume");
        File.WriteAllText(Temp + "/file", "of the host");
        bundle.Mount("/volume/x", "bind", Temp + "/volume", "rbind", "rw").Mount("/volume/x/inner", "bind", Temp + "/file", "bind", "ro");
        bundle.Config["hostname"] = "saved";
        bundle.Linux["resources"]!["pids"] = new JsonObject { ["limit"] = 40 };
        string[] mountsBefore = Proc.Lines("/proc/self/mountinfo");
        Run(driver, bundle);
        int saved = Count();

        _ = Ok(driver, "checkpoint", "--image-path", Images, "--work-path", Work, Id);
        _ = Fails("container does not exist", "state", Id);
        Assert.Equal((true, true), (File.Exists(Images + "/inventory.img"), File.Exists(Work + "/dump.log")));
        Assert.Equal("""["/dev/null","/dev/null","/dev/null"]""", File.ReadAllText(Images + "/descriptors.json"));
        File.Delete(Temp + "/volume/inner"); // made again, as create made it

        Restore(driver, bundle, "--pid-file", Temp + "/pid");
        Assert.Equal("running", Status());
        Assert.Equal(Pid(), int.Parse(File.ReadAllText(Temp + "/pid"), CultureInfo.InvariantCulture));
        Deadline.WaitFor(() => Count() > saved, "the program to go on counting");
        Assert.Equal("of the host saved 40\n", Ok("exec", Id, "sh", "-c", "echo $(cat /volume/x/inner) $(hostname) $(cat /sys/fs/cgroup/pids.max)").Stdout);
        Assert.Contains("LOOPBACK,UP", Ok("exec", Id, "ip", "link", "show", "lo").Stdout, StringComparison.Ordinal);
        Assert.Equal(mountsBefore, Proc.Lines("/proc/self/mountinfo"));

        // It is a container like any other: paused, resumed, saved again, killed.
        _ = Ok("pause", Id);
        _ = Ok(driver, "checkpoint", "--image-path", Images + "2", "--leave-running", Id);
        Assert.Equal("paused", Status());
        _ = Ok("resume", Id);
        saved = Count();
        Deadline.WaitFor(() => Count() > saved, "the program to go on after the second checkpoint");

        // What was executed in it since is in its namespaces, the one of its clocks included, and so can be saved with it.
        _ = Ok("exec", Id, "sh", "-c", "sleep 1000 </dev/null >/dev/null 2>&1 & echo $! >/dev/shm/pid");
        Assert.Equal("same\n", Ok("exec", Id, "sh", "-c", "[ $(readlink /proc/1/ns/time) = $(readlink /proc/$$/ns/time) ] && echo same").Stdout);
        _ = Ok(driver, "checkpoint", "--image-path", Images + "3", Id);
        _ = Ok(driver, "restore", "--detach", "--bundle", bundle.Dir, "--image-path", Images + "3", Id);
        Assert.Equal("sleep\n", Ok("exec", Id, "sh", "-c", "cat /proc/$(cat /dev/shm/pid)/comm").Stdout);
        Delete();
    }

    [Fact]
    public void Pipes_are_those_of_the_restore()
    {
        Bundle bundle = NewBundle().Shell("while read line; do text=$text$line; echo $text >/dev/shm/text; done; exit ${#text}");
        bundle.Write();
        using var first = new Pipe();
        using var output = new Pipe();
        using (Spawned run = Start(Streams(first), "run", "--detach", "--bundle", bundle.Dir, Id))
        {
            Assert.Equal(0, run.Wait().Code);
        }

        first.Write("abc\n");
        Deadline.WaitFor(() => Anocir("exec", Id, "cat", "/dev/shm/text").Stdout == "abc\n", "the first line to be read");
        _ = Ok("checkpoint", "--image-path", Images, Id);
        Assert.StartsWith("[\"pipe:[", File.ReadAllText(Images + "/descriptors.json"), StringComparison.Ordinal);

        using var second = new Pipe();
        using Spawned restored = Start(Streams(second), "restore", "--bundle", bundle.Dir, "--image-path", Images, Id);
        second.Write("defg\n");
        second.CloseWriter();
        Assert.Equal(7, restored.Wait().Code); // attended as by run, with both lines read
        _ = Fails("container does not exist", "state", Id);

        SpawnOptions Streams(Pipe input) =>
            new() { Fds = new Dictionary<int, int> { [0] = input.Reader, [1] = output.Writer, [2] = output.Writer } };
    }

    [Fact]
    public void A_terminal_goes_to_the_socket()
    {
        Bundle bundle = NewBundle().Shell("while read line; do echo got-$line; done");
        bundle.Process["terminal"] = true;
        bundle.Write();
        using (var listener = new UnixListener(Temp + "/console"))
        {
            _ = Ok("run", "--detach", "--bundle", bundle.Dir, "--console-socket", listener.Path, Id);
            using var terminal = new Pty(listener.Receive().Fd);
            terminal.Type("before\n");
            terminal.WaitFor("got-before");
            _ = Ok("checkpoint", "--image-path", Images, Id);
        }

        using var again = new UnixListener(Temp + "/console2");
        _ = Ok("restore", "--detach", "--bundle", bundle.Dir, "--image-path", Images, "--console-socket", again.Path, Id);
        using var restored = new Pty(again.Receive().Fd);
        restored.Type("after\n");
        restored.WaitFor("got-after");
        Delete();
    }

    [Fact]
    public void Memory_alone_is_saved_first_and_the_rest_on_top_of_it()
    {
        Bundle bundle = Counting();
        Run("--cgroup-manager=cgroupfs", bundle);
        _ = Fails("--parent-path must be relative to the image path, got '/x'", "checkpoint", "--image-path", Images, "--parent-path", "/x", Id);
        _ = Fails("invalid --parent-path: cannot use '" + Images + "/../none'", "checkpoint", "--image-path", Images, "--parent-path", "../none", Id);

        _ = Ok("checkpoint", "--pre-dump", "--image-path", Temp + "/first", Id);
        Assert.Equal("running", Status());
        _ = Ok("checkpoint", "--image-path", Images, "--parent-path", "../first", Id);
        Assert.Equal("../first", new FileInfo(Images + "/parent").LinkTarget);
        Restore("--cgroup-manager=cgroupfs", bundle);
        int saved = Count();
        Deadline.WaitFor(() => Count() > saved, "the program to go on counting");
        Delete();
    }

    [Fact]
    public void A_namespace_with_a_path_is_joined_again()
    {
        string file = Temp + "/net";
        File.WriteAllText(file, "");
        Assert.Equal(0, Cli.Execute(["/usr/bin/unshare", "--net=" + file, "/bin/true"], new SpawnOptions()).Code);
        Bundle bundle = Counting().Namespace("network", file);
        Run("--cgroup-manager=cgroupfs", bundle);
        string? space = new FileInfo($"/proc/{Pid()}/ns/net").LinkTarget;
        _ = Ok("checkpoint", "--image-path", Images, Id);
        Restore("--cgroup-manager=cgroupfs", bundle);
        Assert.Equal(space, new FileInfo($"/proc/{Pid()}/ns/net").LinkTarget);
        Delete();
        _ = Native.Check(Native.umount2(file, 0), "umount");
    }

    [Fact]
    public void What_cannot_be_saved_is_named_and_goes_on()
    {
        Bundle bundle = Counting();
        bundle.Write();
        string file = Temp + "/output";
        int output = Native.Check(Native.open(file, 0x41, 0x1a4), "open"); // O_WRONLY | O_CREAT
        Assert.Equal(0, Anocir(new SpawnOptions { Fds = new Dictionary<int, int> { [1] = output } }, "run", "--detach", "--bundle", bundle.Dir, Id).Code);
        _ = Native.close(output);
        CliResult result = Anocir("checkpoint", "--image-path", Images, Id);
        Assert.Equal(1, result.Code);
        Assert.Matches(
            @"^cannot checkpoint container '.*': criu: Can't lookup mount=\d+ for fd=1 path=.*/output; hint: a descriptor of the container is a file outside of its root, "
            + @"as a redirected output is; start it with a pipe, /dev/null or a terminal there; '.*/dump\.log' says more$",
            result.Error);
        int saved = Count();
        Deadline.WaitFor(() => Count() > saved, "the program to go on counting");
        Delete();
    }

    [Fact]
    public void A_restore_that_fails_leaves_nothing()
    {
        Bundle bundle = Counting();
        Run("--cgroup-manager=cgroupfs", bundle);
        _ = Ok("checkpoint", "--image-path", Images, Id);
        foreach (string file in Directory.GetFiles(Images, "core-*.img").Take(1))
        {
            File.WriteAllText(file, "not an image");
        }

        CliResult result = Anocir("restore", "--detach", "--bundle", bundle.Dir, "--image-path", Images, "--work-path", Work, Id);
        Assert.Equal(1, result.Code);
        Assert.StartsWith($"cannot restore container '{Id}': criu: ", result.Error, StringComparison.Ordinal);
        Assert.EndsWith($"'{Work}/restore.log' says more", result.Error, StringComparison.Ordinal);
        _ = Fails("container does not exist", "state", Id);
        Assert.Empty(Directory.GetFileSystemEntries("/tmp", ".criu.*"));
    }

    [Theory]
    [InlineData("a hook", "error running prestart hook #0: exit status 3.*")]
    [InlineData("the PID file", "cannot write '.*/nowhere/.*': no such file or directory \\(ENOENT\\).*")]
    [InlineData("the settings", "cannot restore container '.*': criu: .*; hint: it has not begun its log; are its configuration files right .*")]
    public void What_fails_at_a_restore_is_told_and_taken_back(string what, string message)
    {
        Bundle bundle = Counting();
        Run("--cgroup-manager=cgroupfs", bundle);
        _ = Ok("checkpoint", "--image-path", Images, "--work-path", Work, Id);
        if (what == "a hook")
        {
            bundle.HookScript("prestart", "exit 3");
        }
        else if (what == "the settings")
        {
            File.WriteAllText(Temp + "/settings", "no-such-setting\n");
            bundle.Config["annotations"] = new JsonObject { ["org.criu.config"] = Temp + "/settings" };
        }

        bundle.Write();
        string pidFile = Temp + (what == "the PID file" ? "/nowhere/pid" : "/pid");
        CliResult result = Anocir("restore", "--detach", "--bundle", bundle.Dir, "--image-path", Images, "--work-path", Work, "--pid-file", pidFile, Id);
        Assert.Equal(1, result.Code);
        Assert.Matches("^" + message + "$", result.Error);
        Assert.False(File.Exists(pidFile));
        _ = Fails("container does not exist", "state", Id);
        Assert.Empty(Directory.GetFileSystemEntries("/tmp", ".criu.*"));
    }

    [Fact]
    public void Killed_at_work_neither_leaves_anything()
    {
        Bundle bundle = Counting();
        Run("--cgroup-manager=cgroupfs", bundle);
        using (Spawned checkpoint = Start("checkpoint", "--image-path", Images + "1", "--work-path", Work + "1", Id))
        {
            Deadline.WaitFor(() => File.Exists(Work + "1/dump.log"), "criu to begin the dump");
            checkpoint.Signal(9);
            Assert.Equal(137, checkpoint.Wait().Code);
        }

        // CRIU notices it with the next thing it has to tell, and lets the processes go.
        int saved = Count();
        Deadline.WaitFor(() => Count() > saved, "the program to go on counting");

        _ = Ok("checkpoint", "--image-path", Images, "--work-path", Work, Id);
        using (Spawned restore = Start("restore", "--detach", "--bundle", bundle.Dir, "--image-path", Images, "--work-path", Work, Id))
        {
            Deadline.WaitFor(() => File.Exists(Work + "/restore.log"), "criu to begin the restore");
            restore.Signal(9);
            Assert.Equal(137, restore.Wait().Code);
        }

        Delete();
        Restore("--cgroup-manager=cgroupfs", bundle);
        Deadline.WaitFor(() => Count() > saved, "the program to go on counting after all");
        Delete();
    }

    private Bundle Counting() => NewBundle().Shell(Counter);

    // Not the files that commands of other tests write to: CRIU could not find them again.
    private void Run(string driver, Bundle bundle)
    {
        bundle.Write();
        Assert.Equal((0, ""), Quietly(driver, "run", "--detach", "--bundle", bundle.Dir, Id));
        Deadline.WaitFor(() => Anocir("exec", Id, "test", "-e", "/dev/shm/count").Code == 0, "the program to count");
    }

    private void Restore(string driver, Bundle bundle, params string[] options) =>
        Assert.Equal((0, ""), Quietly([driver, "restore", "--detach", "--bundle", bundle.Dir, "--image-path", Images, "--work-path", Work, .. options, Id]));

    private (int Code, string Error) Quietly(params string[] arguments)
    {
        string log = Temp + "/log";
        File.WriteAllText(log, "");
        int nothing = Native.Check(Native.open("/dev/null", 2, 0), "open");
        CliResult result = Anocir(new SpawnOptions { Fds = new Dictionary<int, int> { [1] = nothing, [2] = nothing } }, ["--log", log, .. arguments]);
        _ = Native.close(nothing);
        return (result.Code, File.ReadAllText(log));
    }

    private int Count()
    {
        int count = 0; // the file is empty for a moment each time
        Deadline.WaitFor(() => int.TryParse(Ok("exec", Id, "cat", "/dev/shm/count").Stdout, out count), "a number in the file");
        return count;
    }
}
