using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text.Json.Nodes;
using Anocir.Integration.Tests.Exec;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Engines;

/// <summary>
/// What an engine has at hand for a call: files, the sockets it listens on, the terminals it was given so far, and the ways it looks at a
/// container.
/// </summary>
internal sealed class EngineScene(string directory, List<int> masters, Func<string> status) : IDisposable
{
    private readonly UnixListener _console = new(directory + "/pty.sock");
    private readonly UnixListener _pidfd = new(directory + "/pidfd.sock");

    /// <summary>The engine's directory for this container.</summary>
    public string Dir => directory;

    /// <summary>Where --console-socket leads.</summary>
    public string Console => _console.Path;

    /// <summary>Where --pidfd-socket leads.</summary>
    public string Pidfd => _pidfd.Path;

    /// <summary>The process ID in a PID file, as Go's Atoi and C's atoi both read it: digits alone.</summary>
    public int PidFile(string name)
    {
        string text = File.ReadAllText($"{Dir}/{name}");
        Assert.Matches("^[1-9][0-9]*$", text);
        Assert.DoesNotContain('\n', text);
        return int.Parse(text, CultureInfo.InvariantCulture);
    }

    /// <summary>The process of a PID file is alive, and a child of the caller, which is a subreaper.</summary>
    public void IsOurs(string pidFile)
    {
        int pid = PidFile(pidFile);
        Assert.True(Proc.IsAlive(pid), $"the process of {pidFile} is gone");
        Assert.Equal(Environment.ProcessId, Proc.Parent(pid));
    }

    /// <summary>One message with one descriptor, the terminal's master.</summary>
    public void ConsoleCame()
    {
        (int master, _, bool closed) = _console.Receive();
        Assert.True(master >= 0 && closed);
        Assert.StartsWith("/dev/pt", new FileInfo($"/proc/self/fd/{master}").LinkTarget, StringComparison.Ordinal);
        masters.Add(master); // without its master a terminal's processes get SIGHUP
    }

    /// <summary>One message with one descriptor, a pidfd of the process of that PID file.</summary>
    public void PidfdCame(string pidFile)
    {
        (int pidfd, _, bool closed) = _pidfd.Receive();
        Assert.True(pidfd >= 0 && closed);
        Assert.Contains($"Pid:\t{PidFile(pidFile)}\n", File.ReadAllText($"/proc/self/fdinfo/{pidfd}"), StringComparison.Ordinal);
        _ = Native.close(pidfd);
    }

    /// <summary>Polls state, as engines do.</summary>
    public void Becomes(string wanted) => Deadline.WaitFor(() => status() == wanted, $"the container to be {wanted}");

    /// <summary>Waits for the end of the process of a PID file and reaps it, as a shim does.</summary>
    public void Ends(string pidFile) => ExecTest.Gone(PidFile(pidFile));

    /// <summary>A file of the engine.</summary>
    public bool Has(string name) => File.Exists($"{Dir}/{name}");

    /// <summary>
    /// The log of containerd's shim: every line one object with level, msg and an RFC 3339 time, or decoding stops; the last of level error
    /// is what the user reads.
    /// </summary>
    public string LastLoggedError(string name)
    {
        string last = "";
        foreach (string line in File.ReadAllLines($"{Dir}/{name}"))
        {
            JsonObject entry = JsonNode.Parse(line)!.AsObject();
            _ = DateTimeOffset.Parse((string)entry["time"]!, CultureInfo.InvariantCulture);
            Assert.Matches("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[+-][0-9]{2}:[0-9]{2})$", (string)entry["time"]!);
            if ((string)entry["level"]! == "error")
            {
                last = (string)entry["msg"]!;
            }
        }

        return last;
    }

    public void Dispose()
    {
        _console.Dispose();
        _pidfd.Dispose();
    }
}
