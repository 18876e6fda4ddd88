using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Foreground;

/// <summary>run in the foreground without a terminal: the command is as good as the program itself.</summary>
public sealed class RunTests : ContainerTest
{
    [Theory]
    [InlineData(0, "exit", "0")]
    [InlineData(1, "exit", "1")]
    [InlineData(255, "exit", "255")]
    [InlineData(137, "raise", "9")]
    [InlineData(134, "raise", "6")]
    public void Exit_code_is_the_programs_or_128_and_the_signal(int code, string word, string number)
    {
        Bundle bundle = NewBundle().WithoutNamespace("pid").Probe(word, number); // a PID 1 would be spared its own signals
        _ = RunBundle(bundle, code);
    }

    /// <summary>A caller that ignores SIGCHLD (nohup-like wrappers do) hands that down over exec; the kernel then throws statuses away.</summary>
    [Theory]
    [InlineData]
    [InlineData("--detach")]
    public void A_caller_that_ignores_the_end_of_children_changes_nothing(params string[] flags)
    {
        Bundle bundle = NewBundle().Probe("exit", "7").HookScript("createRuntime", "exit 0").HookScript("poststop", "exit 0");
        bundle.Write();
        CliResult result = Anocir(new SpawnOptions { Launch = ["ignore=17"] }, ["run", "--bundle", bundle.Dir, .. flags, Id]);
        Assert.Equal(new CliResult(flags.Length == 0 ? 7 : 0, "", ""), result);
        if (flags.Length > 0)
        {
            Delete();
        }
    }

    [Fact]
    public void Streams_are_the_callers_and_descriptors_beyond_them_are_not_passed()
    {
        Bundle bundle = NewBundle().Probe("fds", "input", "error", "to stderr");
        bundle.Write();
        CliResult result = Anocir(
            new SpawnOptions { Input = "a line\n", Fds = new Dictionary<int, int> { [5] = 0, [17] = 0 } }, "run", "--bundle", bundle.Dir, Id);
        Assert.Equal((0, "to stderr\n"), (result.Code, result.Stderr));
        Assert.EndsWith("a line\n", result.Stdout, System.StringComparison.Ordinal);
        Assert.Equal(["0", "1", "2"], new Report(result.Stdout).All("fd").Select(static fd => fd.Split(' ')[0]));
    }

    /// <summary>Every signal but those that are the runtime's own business (SIGCHLD, SIGURG) or nobody's (KILL, STOP).</summary>
    [Fact]
    public void Signals_are_forwarded()
    {
        Bundle bundle = NewBundle().Probe("catch", "15");
        bundle.Write();
        using Spawned run = Start("run", "--bundle", bundle.Dir, Id);
        run.WaitForOutput("ready");
        int[] signals = [1, 2, 3, 10, 12, 13, 14, 18, 20, 21, 22, 24, 28, 29, 34, 50, 64];
        foreach (int signal in signals.Append(17).Append(23))
        {
            run.Signal(signal);
            if (signal is not (17 or 23 or 28))
            {
                Deadline.WaitFor(
                    () => new Report(run.Stdout).All("signal").Contains(signal.ToString(CultureInfo.InvariantCulture)), $"signal {signal}; got:\n{run.Stdout}");
            }
        }

        run.Signal(15);
        CliResult result = run.Wait();
        Assert.Equal((0, ""), (result.Code, result.Stderr));
        Assert.Equal(
            signals.Where(static signal => signal != 28).Append(15).Select(static signal => signal.ToString(CultureInfo.InvariantCulture)),
            new Report(result.Stdout).All("signal"));
    }

    [Fact]
    public void The_attendant_is_the_commands_own_process_and_small()
    {
        Bundle bundle = NewBundle().Probe("block");
        bundle.Write();
        using Spawned run = Start("run", "--bundle", bundle.Dir, Id);
        run.WaitForOutput("ready");
        Assert.Equal("running", Status());
        Assert.Equal(run.Pid, Proc.Parent(Pid()));
        Assert.Equal("anocir", Proc.Comm(run.Pid));
        Assert.Equal("1", Proc.Status(run.Pid, "Threads"));
        Assert.True(Proc.ResidentKib(run.Pid) < 256, $"the attendant has {Proc.ResidentKib(run.Pid)} KiB");
        _ = Ok("kill", Id, "KILL");
        Assert.Equal(137, run.Wait().Code);
    }

    /// <summary>The container dies, and is forgotten, with an attendant that is killed.</summary>
    [Fact]
    public void What_a_killed_attendant_leaves_can_be_deleted()
    {
        Bundle bundle = NewBundle().Probe("block");
        bundle.Write();
        using Spawned run = Start("run", "--bundle", bundle.Dir, Id);
        run.WaitForOutput("ready");
        run.Signal(9);
        Assert.Equal(137, run.Wait().Code);
        Assert.Equal("running", Status());
        Delete();
    }

    [Fact]
    public void Orphans_are_reaped_unless_told_otherwise()
    {
        // Without a PID namespace orphans come to the next subreaper: the attendant, or with --no-subreaper the caller's.
        Bundle bundle = NewBundle().WithoutNamespace("pid").Probe("orphan", "block");
        bundle.Write();
        foreach (string flag in (string[])["", "--no-subreaper"])
        {
            using Spawned run = Start(["run", "--bundle", bundle.Dir, .. flag.Length == 0 ? [] : new[] { flag }, Id]);
            run.WaitForOutput("ready");
            int init = Pid();
            int orphan = Proc.Descendants(System.Environment.ProcessId).Single(pid => pid != init && Proc.Comm(pid) == "probe" && Proc.IsAlive(pid));
            Deadline.WaitFor(() => Proc.Parent(orphan) == (flag.Length == 0 ? run.Pid : System.Environment.ProcessId), "the orphan to be adopted");
            _ = Ok("kill", Id, "KILL");
            Assert.Equal(137, run.Wait().Code);
            Assert.False(Proc.IsAlive(orphan));
        }
    }

    [Fact]
    public void Detached_the_command_ends_when_the_program_runs()
    {
        Bundle bundle = NewBundle().Probe("block");
        bundle.Write();
        string pidFile = Temp + "/pid";
        using Spawned run = Start("run", "--detach", "--bundle", bundle.Dir, "--pid-file", pidFile, Id);
        Assert.Equal(0, run.Wait().Code);
        Assert.Equal("running", Status());
        Assert.Equal(File.ReadAllText(pidFile), Pid().ToString(CultureInfo.InvariantCulture));
        Assert.Equal(System.Environment.ProcessId, Proc.Parent(Pid()));
        Delete();
        Assert.Equal("", run.Stderr);
    }

    [Fact]
    public void Kept_the_stopped_container_stays_until_it_is_deleted()
    {
        _ = RunBundle(NewBundle().Probe("exit", "3"), 3, "--keep");
        Assert.Equal("stopped", Status());
        Assert.Equal(0, Pid());
        _ = Ok("delete", Id);
        _ = Fails("container does not exist", "state", Id);
    }

    /// <summary>As with runc: the state that --keep asks for is there after a failure, too, once there was an init.</summary>
    [Theory]
    [InlineData("/bin/nosuch", "exec: \"/bin/nosuch\": stat /bin/nosuch: no such file or directory")]
    [InlineData("/etc/text", "exec /etc/text: exec format error")]
    [InlineData("/bin/true", "error running poststart hook #0: exit status 3", "poststart")]
    public void Kept_the_container_stays_also_when_it_could_not_be_started(string program, string message, string? hook = null)
    {
        Bundle bundle = NewBundle().Args(program).HookScript("poststop", $"echo stopped >>{Temp}/stops");
        File.WriteAllText(bundle.Rootfs + "/etc/text", "no program\n");
        File.SetUnixFileMode(bundle.Rootfs + "/etc/text", UnixFileMode.UserExecute | UnixFileMode.UserRead);
        (hook is null ? bundle : bundle.HookScript(hook, "exit 3")).Write();
        foreach (string[] flags in (string[][])[[], ["--detach"]])
        {
            string[] run = ["run", "--keep", "--pid-file", Temp + "/pid", "--bundle", bundle.Dir, .. flags, Id];
            _ = Fails("anocir run failed: " + message, run);
            Assert.Equal(("stopped", 0), (Status(), Pid()));
            Assert.False(File.Exists(Temp + "/pid"));
            _ = Fails("container with given ID already exists", run);
            Assert.False(File.Exists(Temp + "/stops"));
            _ = Ok("delete", Id);
            Assert.Equal("stopped\n", File.ReadAllText(Temp + "/stops"));
            File.Delete(Temp + "/stops");
        }
    }

    [Fact]
    public void A_run_that_cannot_start_leaves_nothing_and_says_why()
    {
        Bundle bundle = NewBundle();
        File.WriteAllText(bundle.Rootfs + "/bin/broken", "#!/no/such/shell\n");
        File.SetUnixFileMode(bundle.Rootfs + "/bin/broken", UnixFileMode.UserExecute | UnixFileMode.UserRead);
        bundle.Args("/bin/broken").Write();
        foreach (string[] flags in (string[][])[[], ["--detach"]])
        {
            string[] run = ["run", "--bundle", bundle.Dir, "--pid-file", Temp + "/pid", .. flags, Id];
            _ = Fails("anocir run failed: exec /bin/broken: no such file or directory; hint: the script's interpreter '/no/such/shell'", run);
            _ = Fails("container does not exist", "state", Id);
            Assert.False(File.Exists(Temp + "/pid"));
        }

        // Called as runc, what is no log and no terminal gets the line of runc's init; all others keep the hint.
        const string Line = "exec /bin/broken: no such file or directory";
        string program = bundle.Dir + "/runc";
        _ = File.CreateSymbolicLink(program, Paths.Anocir);
        foreach (string[] flags in (string[][])[[], ["--detach"]])
        {
            string[] run = ["run", "--bundle", bundle.Dir, .. flags, Id];
            Assert.Equal(new CliResult(1, "", Line + "\n"), Cli.Execute([program, "--root", Root, .. run], new SpawnOptions()));
            CliResult debug = Cli.Execute([program, "--root", Root, "--debug", .. run], new SpawnOptions());
            Assert.StartsWith("anocir run failed: " + Line + "; hint: ", debug.Error, StringComparison.Ordinal);
        }
    }
}
