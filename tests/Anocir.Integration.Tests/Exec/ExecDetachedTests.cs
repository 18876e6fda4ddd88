using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Exec;

/// <summary>exec --detach, and the files, sockets and descriptors that are handed out.</summary>
public sealed class ExecDetachedTests : ExecTest
{
    [Fact]
    public void It_returns_when_the_program_runs_and_tells_its_pid()
    {
        using Spawned container = Container(NewBundle());
        using var socket = new UnixListener($"{Temp}/pidfd.sock");

        CliResult result = Exec(["--detach", "--pid-file", $"{Temp}/pid", "--pidfd-socket", socket.Path], "/bin/probe", "block");

        Assert.Equal((0, ""), (result.Code, result.Stderr));
        int pid = int.Parse(File.ReadAllText($"{Temp}/pid"), NumberStyles.None, CultureInfo.InvariantCulture);
        Assert.Equal(Environment.ProcessId, Proc.Parent(pid)); // the subreaper's, as the container's init is
        Assert.Equal("probe", Proc.Comm(pid));
        (int pidfd, string data, bool closed) = socket.Receive();
        Assert.Contains($"Pid:\t{pid}\n", File.ReadAllText($"/proc/self/fdinfo/{pidfd}"), StringComparison.Ordinal);
        Assert.Equal(("pidfd", true), (data, closed));
        _ = Native.close(pidfd);
        _ = Native.kill(pid, 9);
        Gone(pid);
        DeleteContainer();
    }

    [Fact]
    public void Without_a_program_there_is_no_pid_file()
    {
        using Spawned container = Container(NewBundle());
        File.WriteAllText($"{Temp}/pid", "old");

        Refused("exec: \"/nosuch\": stat /nosuch: no such file or directory", ["--detach", "--pid-file", $"{Temp}/pid"], "/nosuch");

        Assert.Equal("old", File.ReadAllText($"{Temp}/pid"));
        DeleteContainer();
    }

    [Fact]
    public void The_terminal_goes_to_the_console_socket()
    {
        using Spawned container = Container(NewBundle());
        using var socket = new UnixListener($"{Temp}/console.sock");

        CliResult result = Exec(["--tty", "-d", "--user", "1000:1000", "--console-socket", socket.Path], "/bin/sh", "-c", "/bin/probe tty stat $(readlink /proc/self/fd/0); read x; echo got $x");

        Assert.Equal((0, "", ""), (result.Code, result.Stdout, result.Stderr));
        (int master, string data, _) = socket.Receive();
        Assert.Equal("/dev/ptmx", data);
        using var terminal = new Pty(master);
        terminal.Type("typed\n");
        terminal.WaitFor("got typed");
        Assert.Contains("dev-tty\topen", terminal.Seen, StringComparison.Ordinal);
        Assert.Contains(" 0620 1000 5 136:", terminal.Seen, StringComparison.Ordinal);
        terminal.ReadToEnd();
        Gone(Proc.Descendants(Environment.ProcessId).Find(static pid => Proc.Comm(pid) == "sh"));
        DeleteContainer();
    }

    [Fact]
    public void Exactly_the_preserved_descriptors_reach_the_program()
    {
        using Spawned container = Container(NewBundle());
        const string List = "for f in /proc/self/fd/*; do [ -e $f ] && printf '%s ' ${f##*/}; done; env | grep ^LISTEN_; true";
        var options = new SpawnOptions { Fds = new Dictionary<int, int> { [3] = 0, [4] = 0, [5] = 0 }, Environment = new() { ["LISTEN_FDS"] = "1" } };

        Assert.Equal("0 1 2 ", Anocir(options, "exec", Id, "/bin/sh", "-c", List).Stdout);
        Assert.Equal("0 1 2 3 4 ", Anocir(options, "exec", "--preserve-fds=2", Id, "/bin/sh", "-c", List).Stdout);
        DeleteContainer();
    }
}
