using System;
using System.Globalization;
using System.IO;
using System.Text.Json;
using System.Text.Json.Nodes;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Exec;

/// <summary>A running container to put processes into.</summary>
public abstract class ExecTest : ContainerTest
{
    private Spawned? _container;

    /// <summary>Runs a container whose program reports these words and then waits for signals.</summary>
    internal Spawned Container(Bundle bundle, params string[] words)
    {
        _container = CreateWithOutput(bundle.Probe([.. words, "block"]));
        _ = Ok("start", Id);
        _container.WaitForOutput("ready");
        return _container;
    }

    /// <summary>Runs <c>anocir exec FLAGS ID PROGRAM</c> to its end.</summary>
    internal CliResult Exec(string[] flags, params string[] program) => Anocir(["exec", .. flags, Id, .. program]);

    /// <summary>The same; asserts the exit code and silence on stderr, returns stdout.</summary>
    internal string Output(string[] flags, int code, params string[] program)
    {
        CliResult result = Exec(flags, program);
        Assert.True(result.Code == code && result.Stderr.Length == 0, $"expected exit code {code} and no message, got {result}");
        return result.Stdout;
    }

    /// <summary>What the probe reports in the container.</summary>
    internal Report Inside(string[] flags, params string[] words) => new(Output(flags, 0, ["/bin/probe", .. words]));

    /// <summary>Asserts that exec fails with 255 and exactly this message, and prints nothing else.</summary>
    internal void Refused(string message, string[] flags, params string[] program)
    {
        CliResult result = Exec(flags, program);
        Assert.True(result.Code == 255, $"expected exit code 255, got {result}");
        Assert.Equal("exec failed: " + message, result.Error);
        Assert.Equal(("", 1), (result.Stdout, result.Stderr.AsSpan().Count('\n')));
    }

    /// <summary>A file for --process.</summary>
    internal string ProcessFile(JsonObject process)
    {
        string path = $"{Temp}/process.json";
        File.WriteAllText(path, process.ToJsonString(JsonSerializerOptions.Default));
        return path;
    }

    /// <summary>A process object that runs the probe in the root directory.</summary>
    internal static JsonObject Process(params string[] words) => new()
    {
        ["cwd"] = "/",
        ["args"] = Bundle.Json(["/bin/probe", .. words]),
        ["env"] = Bundle.Json("PATH=/bin"),
        ["user"] = new JsonObject { ["uid"] = 0, ["gid"] = 0 },
    };

    /// <summary>Starts an exec that has made its process, which waits for nothing but a connection to this socket.</summary>
    internal Spawned Held(UnixListener socket, out int pid, params string[] program)
    {
        int init = Pid();
        Spawned exec = Start(["exec", "--pidfd-socket", socket.Path, Id, .. program]);
        int found = 0;
        Deadline.WaitFor(() => (found = Child(exec.Pid, init)) != 0 && Waits(found), "the new process to wait for its controller");
        pid = found;
        return exec;
    }

    /// <summary>Waits for the end of a detached process and reaps it, as an engine's shim does: a PID namespace ends only without zombies.</summary>
    internal static void Gone(int pid) => Deadline.WaitFor(
        () =>
        {
            LeakCheck.ReapOrphans();
            return Proc.State(pid) is null;
        },
        $"process {Number(pid)} to be gone");

    /// <summary>delete --force, and the end of the container's output.</summary>
    internal void DeleteContainer()
    {
        Delete();
        _container?.Dispose();
        _container = null;
    }

    internal static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    // The one child of the controller in the container's PID namespace; helpers are outside.
    private static int Child(int controller, int init)
    {
        foreach (int pid in Proc.Descendants(controller))
        {
            if (Proc.IsAlive(pid) && Proc.Status(pid, "NSpid") is { } ids && ids.Split('\t').Length > 1
                && new FileInfo($"/proc/{pid}/ns/pid").LinkTarget == new FileInfo($"/proc/{init}/ns/pid").LinkTarget)
            {
                return pid;
            }
        }

        return 0;
    }

    // The only interruptible sleep on its way is the wait for Committed, right before execve.
    private static bool Waits(int pid) => Proc.State(pid) == 'S' && Proc.Fds(pid).Count == 4;
}
