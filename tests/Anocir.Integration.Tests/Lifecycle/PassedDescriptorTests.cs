using System.Collections.Generic;
using System.IO;
using System.Linq;
using Anocir.Integration.Tests.Fixture;
using Anocir.Integration.Tests.Properties;
using Xunit;

namespace Anocir.Integration.Tests.Lifecycle;

/// <summary>--preserve-fds and $LISTEN_FDS: exactly the descriptors that were asked for reach the program.</summary>
public sealed class PassedDescriptorTests : ContainerTest
{
    private const string Mine = "LISTEN_PID=$$";

    [Theory]
    [InlineData("", "--preserve-fds=0", "0 1 2", "")]
    [InlineData("", "--preserve-fds=2", "0 1 2 3 4", "")]
    [InlineData(Mine + " LISTEN_FDS=1", "--preserve-fds=0", "0 1 2 3", "LISTEN_FDS=1 LISTEN_PID=1")]
    [InlineData(Mine + " LISTEN_FDS=1", "--preserve-fds=1", "0 1 2 3 4", "LISTEN_FDS=1 LISTEN_PID=1")]
    [InlineData(Mine + " LISTEN_FDS=2 LISTEN_FDNAMES=http:https", "--preserve-fds=0", "0 1 2 3 4", "LISTEN_FDS=2 LISTEN_PID=1 LISTEN_FDNAMES=http:https")]
    [InlineData("LISTEN_PID=1 LISTEN_FDS=1 LISTEN_FDNAMES=http", "--preserve-fds=0", "0 1 2", "")]
    [InlineData(Mine + " LISTEN_FDS=x", "--preserve-fds=0", "0 1 2", "")]
    public void Exactly_those_reach_the_program(string variables, string option, string open, string told)
    {
        CliResult result = Run(
            NewBundle().Shell("for f in /proc/self/fd/*; do [ -e $f ] && printf '%s ' ${f##*/}; done; echo; env | grep ^LISTEN_; true"),
            variables,
            option);

        Assert.Equal((0, ""), (result.Code, result.Stderr));
        string[] lines = result.Stdout.Split('\n', 2);
        Assert.Equal(open, lines[0].Trim());
        Assert.Equal(told, lines[1].Trim().Replace('\n', ' '));
    }

    [Theory]
    [InlineData("", "--preserve-fds=3",
        "option --preserve-fds: file descriptor 5 is not open (EBADF); hint: the caller must pass descriptors 3 to 5 without close-on-exec")]
    [InlineData("", "--preserve-fds=2147483647",
        "option --preserve-fds: file descriptor 5 is not open (EBADF); hint: the caller must pass descriptors 3 to 2147483649 without close-on-exec")]
    [InlineData(Mine + " LISTEN_FDS=3", "--preserve-fds=0",
        "variable LISTEN_FDS: file descriptor 5 is not open (EBADF); hint: the caller must pass descriptors 3 to 5 without close-on-exec")]
    public void One_that_is_not_open_is_named(string variables, string option, string message)
    {
        CliResult result = Run(NewBundle().Args("/bin/true"), variables, option);

        Assert.Equal((1, "anocir run failed: " + message), (result.Code, result.Error));
    }

    /// <summary>CVE-2024-21626: what the caller left open, and what is the program's, is not the hooks'.</summary>
    [Fact]
    public void Hooks_get_none()
    {
        const string List = "for f in /proc/self/fd/*; do [ -e $f ] && printf '%s ' ${f##*/}; done; echo";
        string[] kinds = ["prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"];
        Bundle bundle = NewBundle().Shell(List).Writable();
        foreach (string kind in kinds)
        {
            string root = kind == "startContainer" ? "" : bundle.Rootfs;
            _ = bundle.HookScript(kind, $"exec >{root}/{kind}; {List}");
        }

        CliResult result = Run(bundle, "", "--preserve-fds=1");

        Assert.Equal((0, "0 1 2 3 \n", ""), (result.Code, result.Stdout, result.Stderr));
        Assert.All(kinds, kind => Assert.Equal((kind, "0 1 2 \n"), (kind, File.ReadAllText($"{bundle.Rootfs}/{kind}"))));
    }

    [Fact]
    public void Standard_streams_that_the_caller_closed_are_dev_null()
    {
        Bundle bundle = NewBundle().Args("/bin/true");
        bundle.Write();

        CliResult result = Cli.Execute(
            ["/bin/busybox", "sh", "-c", "exec \"$@\" <&- >&- 2>&-", "sh", Paths.Anocir, "--root", Root, "create", "--bundle", bundle.Dir, Id], new());

        Assert.Equal(0, result.Code);
        int pid = Pid();
        Assert.Equal(["/dev/null", "/dev/null", "/dev/null"], Enumerable.Range(0, 3).Select(fd => new FileInfo($"/proc/{pid}/fd/{fd}").LinkTarget));
        Delete();
    }

    /// <summary>A lock (<c>flock --no-fork</c>) is held as long as the command of a foreground run, which is another program by then.</summary>
    [Fact]
    public void Those_of_the_caller_stay_open_while_the_container_runs()
    {
        string path = Temp + "/lock";
        using FileStream file = File.Create(path);
        int[] numbers = [.. Enumerable.Range(2, 15).Select(static n => 2 * n)]; // with gaps for our own
        Bundle bundle = NewBundle().Probe("fds", "block");
        bundle.Write();

        using Spawned run = Start(
            new SpawnOptions { Fds = numbers.ToDictionary(static n => n, _ => (int)file.SafeFileHandle.DangerousGetHandle()) },
            "run", "--bundle", bundle.Dir, Id);
        run.WaitForOutput("ready");

        Assert.Equal(numbers, Proc.Fds(run.Pid).Where(fd => fd.Value == path).Select(static fd => fd.Key));
        Assert.DoesNotContain(path, Proc.Fds(Pid()).Values);
        _ = Ok("kill", Id, "KILL");
        Assert.Equal(137, run.Wait().Code);
    }

    private CliResult Run(Bundle bundle, string variables, string option)
    {
        bundle.Write();
        return Cli.Execute(
            ["/bin/busybox", "sh", "-c", $"{variables} exec \"$@\"", "sh", Paths.Anocir, "--root", Root, "run", "--bundle", bundle.Dir, option, Id],
            new SpawnOptions { Fds = new Dictionary<int, int> { [3] = 0, [4] = 0 } });
    }
}
