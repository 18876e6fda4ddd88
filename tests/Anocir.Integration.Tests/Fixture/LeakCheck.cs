using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Anocir.Integration.Tests.Fixture;

/// <summary>
/// What must be the same before and after a test: the mount table, the descendants of this process, cgroups named after the test's
/// containers, the state root, our own descriptors. Files that a test makes beside its bundle are not looked at.
/// </summary>
internal sealed class LeakCheck
{
    // Init and helpers end by themselves when a killed controller's end of the socketpair closes: soon, but not before kill returns.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private const string SeccompCache = "/@seccomp"; // kept on purpose
    private readonly string _tag;
    private readonly string _root;
    private readonly string[] _mounts = Mounts();
    private readonly HashSet<int> _processes = [.. Proc.Descendants(Environment.ProcessId)];
    private readonly HashSet<string> _fds = OwnFds();

    public LeakCheck(string tag, string root)
    {
        _tag = tag;
        _root = root;
    }

    /// <summary>What is there and was not before, one line each; waits a little for processes on their way out.</summary>
    public List<string> Find()
    {
        List<string> leaks = [];
        _ = Deadline.TryWaitFor(() => (leaks = FindNow()).Count == 0, s_patience);
        return leaks;
    }

    /// <summary>The same at once.</summary>
    public List<string> FindNow()
    {
        ReapOrphans();
        List<string> leaks = [];
        string[] mounts = Mounts();
        leaks.AddRange(mounts.Except(_mounts).Select(static line => "mount: " + line));
        leaks.AddRange(_mounts.Except(mounts).Select(static line => "mount gone: " + line));
        leaks.AddRange(Proc.Descendants(Environment.ProcessId).Where(pid => !_processes.Contains(pid)).Select(static pid => "process: " + Proc.Describe(pid)));
        leaks.AddRange(Cgroups.Named(_tag).Select(static path => "cgroup: " + path));
        if (Directory.Exists(_root))
        {
            leaks.AddRange(Directory.GetFileSystemEntries(_root, "*", SearchOption.AllDirectories)
                .Where(static path => !path.Contains(SeccompCache, StringComparison.Ordinal)).Select(static path => "file in --root: " + path));
        }

        leaks.AddRange(OwnFds().Except(_fds).Select(static fd => "descriptor of the test: " + fd));
        return leaks;
    }

    /// <summary>Reaps one orphan, once it has ended.</summary>
    public static unsafe void Reap(int pid)
    {
        int status;
        Deadline.WaitFor(() => !Proc.IsAlive(pid), $"process {pid} to end");
        _ = Native.wait4(pid, &status, 0, null);
    }

    /// <summary>Reaps every orphan that has ended, as an engine's shim would.</summary>
    public static unsafe void ReapOrphans()
    {
        const int WNoHang = 1;
        int status;
        while (Native.wait4(-1, &status, WNoHang, null) > 0)
        {
        }
    }

    // Without the mount IDs, which are reused.
    private static string[] Mounts() => [.. Proc.Lines("/proc/self/mountinfo").Select(line => string.Join(' ', line.Split(' ')[2..]))];

    // The base library keeps files of its own open at times; what the fixture opens is memfds, pidfds, pipes, sockets, terminals.
    private static HashSet<string> OwnFds() =>
        [.. Proc.Fds(Environment.ProcessId).Where(fd => IsOurs(fd.Value)).Select(fd => $"{fd.Key} {fd.Value}")];

    private static bool IsOurs(string target) => target.Contains("memfd:", StringComparison.Ordinal) && !target.Contains("doublemapper", StringComparison.Ordinal)
        || target.Contains("[pidfd]", StringComparison.Ordinal) || target.StartsWith("socket:", StringComparison.Ordinal)
        || target.StartsWith("/dev/pt", StringComparison.Ordinal) || target.Contains("anocir-itest-", StringComparison.Ordinal);
}
