using System.Globalization;
using System.IO;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Lifecycle;

/// <summary>What create hands to its caller: terminal, pidfd, PID file.</summary>
public sealed class HandOverTests : ContainerTest
{
    [Theory]
    [InlineData("create")]
    [InlineData("run")]
    public void The_terminal_goes_to_the_console_socket(string command)
    {
        Bundle bundle = NewBundle().Probe("tty", "ready", "input");
        bundle.Process["terminal"] = true;
        bundle.Process["consoleSize"] = System.Text.Json.Nodes.JsonNode.Parse("""{"height":20,"width":70}""");
        bundle.Write();
        using var listener = new UnixListener(Temp + "/console.sock");
        string[] detach = command == "run" ? ["--detach"] : [];
        using Spawned created = Start([command, .. detach, "--bundle", bundle.Dir, "--console-socket", listener.Path, Id]);
        (int fd, string data, bool closed) = listener.Receive();
        using var pty = new Pty(fd);
        Assert.Equal(0, created.Wait().Code);
        Assert.Equal(("/dev/ptmx", true), (data, closed));
        if (command == "create")
        {
            _ = Ok("start", Id);
        }

        pty.WaitFor("ready");
        Report inside = new(pty.Seen);
        Assert.Equal(("/dev/pts/0", "20 70"), (inside["tty0"], inside["winsize"]));
        pty.Type("typed\n");
        pty.WaitFor("typed\ntyped\n");
        pty.Type("\u0004");
        pty.ReadToEnd();
        WaitForStatus("stopped");
        _ = Ok("delete", Id);
        Assert.Equal("", created.Stdout + created.Stderr);
    }

    [Fact]
    public void Terminal_and_socket_belong_together()
    {
        Bundle bundle = NewBundle();
        bundle.Process["terminal"] = true;
        bundle.Write();
        _ = Fails("cannot allocate tty if runc will detach without setting console socket", "create", "--bundle", bundle.Dir, Id);
        _ = Fails("cannot allocate tty if runc will detach without setting console socket", "run", "-d", "--bundle", bundle.Dir, Id);
        _ = Fails(
            "cannot use console socket if runc will not detach or allocate tty", "run", "--bundle", bundle.Dir, "--console-socket", Temp + "/x", Id);
        bundle.Process["terminal"] = false;
        bundle.Write();
        _ = Fails(
            "cannot use console socket if runc will not detach or allocate tty", "create", "--bundle", bundle.Dir, "--console-socket", Temp + "/x", Id);
        bundle.Process["terminal"] = true;
        bundle.Write();
        CliResult result = Fails("no such file or directory (ENOENT)", "create", "--bundle", bundle.Dir, "--console-socket", Temp + "/absent", Id);
        Assert.Contains("--console-socket", result.Error, System.StringComparison.Ordinal);
        Assert.Contains(Temp + "/absent", result.Error, System.StringComparison.Ordinal);
    }

    // connect(2) waits without end for a listener whose queue is full; the runtime does not.
    [Fact]
    public void A_listener_that_does_not_accept_is_not_waited_for_without_end()
    {
        Bundle bundle = NewBundle();
        bundle.Process["terminal"] = true;
        bundle.Write();
        using var listener = new UnixListener(Temp + "/full.sock", held: true);

        _ = Fails(
            $"cannot connect to '{listener.Path}' (option --console-socket): resource temporarily unavailable (EAGAIN); "
                + "hint: whoever listens there does not accept",
            "create", "--bundle", bundle.Dir, "--console-socket", listener.Path, Id);

        _ = Fails("container does not exist", "state", Id);
    }

    [Fact]
    public void The_pidfd_goes_to_the_pidfd_socket()
    {
        using var listener = new UnixListener(Temp + "/pidfd.sock");
        Bundle bundle = NewBundle();
        bundle.Write();
        using Spawned created = Start("create", "--bundle", bundle.Dir, "--pidfd-socket", listener.Path, Id);
        (int fd, string data, bool closed) = listener.Receive();
        Assert.Equal(0, created.Wait().Code);
        Assert.Equal(("pidfd", true), (data, closed));
        Assert.Contains($"Pid:\t{Pid().ToString(CultureInfo.InvariantCulture)}\n", File.ReadAllText($"/proc/self/fdinfo/{fd}"), System.StringComparison.Ordinal);
        _ = Native.close(fd);
        Delete();
        CliResult result = Fails("no such file or directory (ENOENT)", "create", "--bundle", bundle.Dir, "--pidfd-socket", Temp + "/absent", Id);
        Assert.Contains("--pidfd-socket", result.Error, System.StringComparison.Ordinal);
    }

    [Fact]
    public void The_pid_file_holds_the_number_alone_and_comes_by_rename()
    {
        Bundle bundle = NewBundle();
        string file = Temp + "/pid";
        File.WriteAllText(file, "of another container, longer than a number");
        _ = Create(bundle, "--pid-file", file);
        Assert.Equal(Pid().ToString(CultureInfo.InvariantCulture), File.ReadAllText(file));
        Assert.Equal(["bundle1", "pid", "root"], System.Linq.Enumerable.Order(System.Linq.Enumerable.Select(Directory.GetFileSystemEntries(Temp), Path.GetFileName)));
        Delete();

        // No container without its file.
        _ = Fails("option --pid-file", "create", "--bundle", bundle.Dir, "--pid-file", Temp + "/no/pid", Id);
        _ = Fails("container does not exist", "state", Id);

        // A file that could not be written is not taken back either.
        File.WriteAllText(file, "of another container");
        File.WriteAllText(Temp + "/.pid", "in the way of the temporary file");
        _ = Fails("file exists (EEXIST); hint: option --pid-file", "create", "--bundle", bundle.Dir, "--pid-file", file, Id);
        Assert.Equal("of another container", File.ReadAllText(file));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("--no-new-keyring", false)]
    public void The_session_keyring_is_new_unless_told_otherwise(string flag, bool isNew)
    {
        Report inside = new(RunBundle(NewBundle().Probe("keyring"), 0, flag.Length == 0 ? [] : [flag]).Stdout);
        Assert.Equal(isNew, inside["session-keyring-is"].EndsWith(";_ses." + Id, System.StringComparison.Ordinal));
    }
}
