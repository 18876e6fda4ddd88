using System;
using System.IO;
using System.Linq;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Exec;

/// <summary>exec attached: how it ends, streams, signals, terminal, and what stays of the command meanwhile.</summary>
public sealed class ExecForegroundTests : ExecTest
{
    [Fact]
    public void It_exits_as_the_program_did()
    {
        using Spawned container = Container(NewBundle());

        _ = Output([], 0, "true");
        _ = Output([], 1, "/bin/false");
        _ = Output([], 42, "/bin/sh", "-c", "exit 42");
        _ = Output([], 128 + 9, "/bin/sh", "-c", "kill -9 $$");
        _ = Output([], 128 + 15, "/bin/sh", "-c", "kill -15 $$");
        CliResult both = Anocir(new SpawnOptions { Input = "given" }, "exec", Id, "/bin/sh", "-c", "cat; echo out; echo err >&2");
        Assert.Equal((0, "givenout\n", "err\n"), (both.Code, both.Stdout, both.Stderr));
        DeleteContainer();
    }

    [Fact]
    public void A_program_that_cannot_be_run_is_named_and_the_exit_code_is_255()
    {
        Bundle bundle = NewBundle();
        File.WriteAllText(bundle.Rootfs + "/noexec", "#!/bin/sh\n");
        Script(bundle, "script", "#!/nosuchinterpreter\n");
        Script(bundle, "text", "text\n");
        using Spawned container = Container(bundle);

        Refused("exec: \"nosuch\": executable file not found in $PATH", [], "nosuch");
        Refused("exec: \"\": executable file not found in $PATH", [], "");
        Refused("exec: \"/nosuch\": stat /nosuch: no such file or directory", [], "/nosuch");
        Refused("exec: \"/bin/true/x\": stat /bin/true/x: not a directory", [], "/bin/true/x");
        Refused("exec: \"/noexec\": permission denied; hint: the file needs the x bit, the user every directory above it, and no mount of it may be noexec", [], "/noexec");
        Refused("exec: \"/bin\": is a directory", [], "/bin");
        Refused("exec /script: no such file or directory; hint: the script's interpreter '/nosuchinterpreter' (its first line) is not in the image", [], "/script");
        Refused("exec /text: exec format error; hint: the file is neither an ELF program nor a script that begins with #!", [], "/text");

        // A relative path is not looked up in the root: another file may have that name there.
        Refused(
            "exec ./../script: no such file or directory; hint: the file exists, so its interpreter or ELF loader is missing in the image (a script with CRLF line ends looks like this)",
            ["--cwd=/bin"],
            "./../script");
        Refused("cannot change to directory '/nosuch' (process.cwd): no such file or directory (ENOENT)", ["--cwd=/nosuch"], "/bin/true");
        Refused("cannot change to directory '/bin/true' (process.cwd): not a directory (ENOTDIR)", ["--cwd=/bin/true"], "/bin/true");
        Assert.Equal("running", Status());
        DeleteContainer();
    }

    [Fact]
    public void Signals_reach_the_program()
    {
        using Spawned container = Container(NewBundle());
        using Spawned exec = Start("exec", Id, "/bin/probe", "catch", "15");
        exec.WaitForOutput("ready");
        WaitForAttendant(exec.Pid);

        foreach (int signal in (int[])[1, 2, 3, 10, 12, 28, 34])
        {
            exec.Signal(signal);
            Deadline.WaitFor(() => new Report(exec.Stdout).All("signal").Contains(Number(signal)) || signal == 28, $"signal {signal}; got:\n{exec.Stdout}");
        }

        exec.Signal(15);
        CliResult result = exec.Wait();
        Assert.Equal(["1", "2", "3", "10", "12", "34", "15"], new Report(result.Stdout).All("signal").Where(static signal => signal != "28"));
        Assert.Equal((0, ""), (result.Code, result.Stderr));
        DeleteContainer();
    }

    [Fact]
    public void What_stays_beside_the_program_is_small_and_holds_nothing_of_the_container()
    {
        using Spawned container = Container(NewBundle());
        using Spawned exec = Start("exec", Id, "/bin/probe", "block");
        exec.WaitForOutput("ready");

        WaitForAttendant(exec.Pid);
        string[] foreign = ["socket:", "memfd:anocir", "/sys/fs", Root];
        Deadline.WaitFor(
            () => !Proc.Fds(exec.Pid).Any(fd => fd.Key > 2 && foreign.Any(kind => fd.Value.Contains(kind, StringComparison.Ordinal))),
            "the attendant to have nothing open but the pidfd and what its caller gave it");
        Assert.True(Proc.ResidentKib(exec.Pid) < 1024, $"the attendant has {Proc.ResidentKib(exec.Pid)} KiB");

        exec.Signal(15);
        Assert.Equal(128 + 15, exec.Wait().Code);
        DeleteContainer();
    }

    [Fact]
    public void The_end_of_the_container_is_the_end_of_the_process()
    {
        using Spawned container = Container(NewBundle());
        using Spawned exec = Start("exec", Id, "/bin/probe", "block");
        exec.WaitForOutput("ready");

        DeleteContainer();

        Assert.Equal(128 + 9, exec.Wait().Code);
        Assert.Equal("", exec.Stderr);
    }

    [Fact]
    public void A_terminal_is_served_with_its_size_and_its_changes()
    {
        using Spawned container = Container(NewBundle());
        using var keyboard = new Pty { Size = (31, 97) };
        (uint, uint, uint) before = keyboard.Mode;
        using Spawned exec = Start(new SpawnOptions { Terminal = keyboard.Path }, "exec", "--tty", Id, "/bin/sh", "-c", "/bin/probe tty; read x; /bin/probe tty print $x; exit 3");
        keyboard.WaitFor("foreground");
        Assert.Contains("winsize\t31 97", keyboard.Seen, StringComparison.Ordinal);
        Assert.Contains("dev-tty\topen", keyboard.Seen, StringComparison.Ordinal);

        keyboard.Size = (11, 22);
        exec.Signal(28);
        Deadline.WaitFor(() => Resized(exec.Pid, "11 22"), "the new size");
        keyboard.Type("typed\r");
        CliResult result = exec.Wait();

        keyboard.WaitFor("print\ttyped");
        Assert.Equal(3, result.Code);
        Assert.Contains("winsize\t11 22", keyboard.Seen, StringComparison.Ordinal);
        Assert.Equal(before, keyboard.Mode);
        DeleteContainer();
    }

    // The shell waits in read: another process of the container can look at its terminal.
    private bool Resized(int attendant, string size)
    {
        int shell = Proc.Descendants(attendant).FirstOrDefault();
        string tty = shell == 0 ? "" : Proc.Fds(shell).TryGetValue(0, out string? name) ? name : "";
        return tty.Length > 0 && Exec([], "/bin/sh", "-c", $"/bin/probe tty <{tty}").Stdout.Contains("winsize\t" + size, StringComparison.Ordinal);
    }

    private static void Script(Bundle bundle, string name, string text)
    {
        File.WriteAllText($"{bundle.Rootfs}/{name}", text);
        File.SetUnixFileMode($"{bundle.Rootfs}/{name}", (UnixFileMode)0x1ed);
    }

    private static void WaitForAttendant(int pid) =>
        Deadline.WaitFor(() => new FileInfo($"/proc/{pid}/exe").LinkTarget is { } exe && exe.Contains("anocir-init", StringComparison.Ordinal), "the attendant");
}
