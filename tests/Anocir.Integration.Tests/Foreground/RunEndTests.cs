using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Foreground;

/// <summary>The end of a run when something is in the way: the exit status, or the cause of a failure, is what it would have been without.</summary>
public sealed class RunEndTests : ContainerTest
{
    private string StateDirectory => $"{Root}/{Id}";

    /// <summary>A mount in the state directory, which no clean-up passes; the container stays for a delete after that is gone.</summary>
    [Fact]
    public void A_clean_up_that_fails_does_not_hide_the_exit_status()
    {
        Bundle bundle = NewBundle().Shell("exit 7").HookScript("poststart", MountOn(StateDirectory + "/reply"));
        bundle.Write();

        CliResult result = Anocir("run", "--bundle", bundle.Dir, Id);

        Assert.Equal(7, result.Code);
        Assert.StartsWith($"anocir run failed: cannot remove the container after its end: cannot remove '{StateDirectory}/reply': ", result.Error, StringComparison.Ordinal);
        Assert.Equal(1, result.Stderr.AsSpan().Count('\n'));
        DeleteWithout(StateDirectory + "/reply");
    }

    /// <summary>Engines tell from the cause whether the program is missing or cannot be executed.</summary>
    [Theory]
    [InlineData]
    [InlineData("--detach")]
    public void A_clean_up_that_fails_does_not_hide_why_the_program_cannot_run(params string[] flags)
    {
        string obstacle = StateDirectory + "/obstacle";
        Bundle bundle = NewBundle().Args("/bin/text").HookScript("createRuntime", $"/bin/busybox mkdir {obstacle}; " + MountOn(obstacle));
        MakeProgram(bundle, "text", "no program\n");
        bundle.Write();

        CliResult result = Anocir(["run", "--bundle", bundle.Dir, .. flags, Id]);

        Assert.Equal(1, result.Code);
        Assert.StartsWith("anocir run failed: exec /bin/text: exec format error", result.Error, StringComparison.Ordinal);
        string[] lines = result.Stderr.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Contains($"level=warning msg=\"cannot remove '{obstacle}': ", lines[0], StringComparison.Ordinal);
        DeleteWithout(obstacle);
    }

    /// <summary>What a killed update leaves is no reason to keep the name; the removal is the attendant's, then the controller's.</summary>
    [Fact]
    public void A_left_over_file_does_not_keep_the_name()
    {
        Bundle bundle = NewBundle().Shell("exit 5").HookScript("createRuntime", $"/bin/busybox touch {StateDirectory}/.resources.json.new");
        _ = RunBundle(bundle, 5);
        Assert.False(Directory.Exists(StateDirectory));
    }

    /// <summary>An attendant that wakes up late finds the name in use by another container: that one's directories are not its to remove.</summary>
    [Fact]
    public void A_late_attendant_leaves_the_next_container_of_its_name_alone()
    {
        Bundle bundle = NewBundle().Probe("block");
        bundle.Write();
        using Spawned run = Start("run", "--bundle", bundle.Dir, Id);
        run.WaitForOutput("ready");
        List<string> directories = [.. Cgroups.Named(Tag).Order(StringComparer.Ordinal), StateDirectory];
        run.Signal(Signals.Stop);
        Deadline.WaitFor(() => Proc.State(run.Pid) == 'T', "the attendant to stop");
        Delete();
        directories.ForEach(static path => Directory.CreateDirectory(path)); // as a create has them before anything is in them

        run.Signal(Signals.Cont);
        CliResult result = run.Wait();

        Assert.Equal(new CliResult(137, run.Stdout, ""), result);
        Assert.All(directories, static path => Assert.True(Directory.Exists(path), path));
        directories.Reverse();
        directories.ForEach(Directory.Delete);
    }

    private static string MountOn(string directory) => $"/bin/busybox mount -t tmpfs none {directory}";

    private static void MakeProgram(Bundle bundle, string name, string text)
    {
        string path = $"{bundle.Rootfs}/bin/{name}";
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserExecute | UnixFileMode.UserRead);
    }

    private void DeleteWithout(string mount)
    {
        Assert.Equal("stopped", Status());
        _ = Native.Check(Native.umount2(mount, 0), "umount2");
        _ = Ok("delete", Id);
    }
}
