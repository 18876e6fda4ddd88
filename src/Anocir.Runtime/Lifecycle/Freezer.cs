using System;
using System.Collections.Generic;
using Anocir.Linux;
using Anocir.Runtime.Cgroups;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Launch;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>Freezes and thaws a container's cgroup.</summary>
public static class Freezer
{
    private const int Milliseconds = 10_000;

    /// <summary>Asks for it without waiting; false when there is no freezer or it refuses.</summary>
    public static bool Set(CgroupRecord cgroup, bool frozen) =>
        cgroup.Freezer is { } directory && !Ask(cgroup, directory, frozen).IsError;

    /// <summary>Freezes the cgroup and waits until every process in it stands still. When that fails the cgroup is thawed.</summary>
    /// <exception cref="ContainerException">There is no freezer, it refuses, or not all processes stopped within ten seconds.</exception>
    public static void Freeze(CgroupRecord cgroup)
    {
        string directory = Require(cgroup, "pause");
        try
        {
            SysResult asked = Ask(cgroup, directory, frozen: true);
            if (asked.IsError)
            {
                throw ContainerException.System("freeze cgroup", directory, asked.Errno);
            }

            if (!(cgroup.Version == 2 ? AwaitV2(directory) : AwaitV1(cgroup, directory)))
            {
                throw new ContainerException($"cannot freeze cgroup '{directory}': after {Milliseconds / 1000} s not every process in it stands still "
                    + $"{Running(directory)}; hint: state D waits for a device or a network file system; thawed again");
            }
        }
        catch
        {
            _ = Ask(cgroup, directory, frozen: false);
            throw;
        }
    }

    /// <summary>Thaws the cgroup.</summary>
    /// <exception cref="ContainerException">There is no freezer, or it refuses.</exception>
    public static void Thaw(CgroupRecord cgroup)
    {
        string directory = Require(cgroup, "resume");
        SysResult asked = Ask(cgroup, directory, frozen: false);
        if (asked.IsError)
        {
            throw ContainerException.System("thaw cgroup", directory, asked.Errno);
        }
    }

    /// <summary>Whether a cgroup above holds the processes, so that thawing this one does not help; on v2 frozen processes can be killed.</summary>
    public static bool IsFrozenAbove(CgroupRecord cgroup)
    {
        Span<byte> text = stackalloc byte[1];
        return cgroup is { Version: 1, Freezer: { } directory }
            && !CgroupFile.Read(directory + "/freezer.parent_freezing", text).IsError && text[0] == (byte)'1';
    }

    private static SysResult Ask(CgroupRecord cgroup, string directory, bool frozen) => cgroup.Version == 2
        ? CgroupFile.Write(directory + "/cgroup.freeze", frozen ? "1"u8 : "0"u8)
        : CgroupFile.Write(directory + "/freezer.state", frozen ? "FROZEN"u8 : "THAWED"u8);

    private static string Require(CgroupRecord cgroup, string verb) => cgroup.Freezer ?? throw new ContainerException(
        $"cannot {verb} container: no cgroup hierarchy with the controller freezer is mounted"
        + "; hint: mount -t cgroup -o freezer cgroup /sys/fs/cgroup/freezer");

    // The kernel announces the change of "frozen" in cgroup.events.
    private static bool AwaitV2(string directory)
    {
        string file = directory + "/cgroup.events";
        SysResult opened = Sys.Open(file, O.RDONLY | O.CLOEXEC);
        if (opened.IsError)
        {
            throw ContainerException.System("open", file, opened.Errno);
        }

        using var events = new Fd(opened.Int);
        Span<byte> text = stackalloc byte[128];
        long end = Environment.TickCount64 + Milliseconds;
        while (true)
        {
            _ = Sys.Seek(events.Number, 0);
            SysResult read = Sys.Read(events.Number, text);
            if (read.IsError)
            {
                throw ContainerException.System("read", file, read.Errno);
            }

            if (text[..read.Int].IndexOf("frozen 1"u8) >= 0)
            {
                return true;
            }

            int left = (int)(end - Environment.TickCount64);
            if (left <= 0)
            {
                return false;
            }

            _ = Sys.PollChange(events.Number, -1, -1, -1, left);
        }
    }

    // v1 has no event, and a cgroup in which processes keep appearing stays in FREEZING: asking again helps, now and then after a thaw.
    private static bool AwaitV1(CgroupRecord cgroup, string directory)
    {
        const int ThawEvery = 32;
        string file = directory + "/freezer.state";
        Span<byte> state = stackalloc byte[16];
        long end = Environment.TickCount64 + Milliseconds;
        for (int attempt = 1; ; attempt++)
        {
            SysResult read = CgroupFile.Read(file, state);
            if (read.IsError)
            {
                throw ContainerException.System("read", file, read.Errno);
            }

            if (state[..read.Int].StartsWith("FROZEN"u8))
            {
                return true;
            }

            if (Environment.TickCount64 > end)
            {
                return false;
            }

            if (attempt % ThawEvery == 0)
            {
                _ = Ask(cgroup, directory, frozen: false);
            }

            _ = Sys.PollInput(-1, -1, Math.Min(attempt, 20));
            _ = Ask(cgroup, directory, frozen: true);
        }
    }

    // A frozen process sleeps in the freezer; the first others are named.
    private static string Running(string directory)
    {
        const int Shown = 3;
        List<int> pids = [];
        CgroupProcesses.Collect(directory, pids);
        List<string> running = [];
        foreach (int pid in pids)
        {
            string state = ProcessState.Describe(pid);
            if (running.Count < Shown && !state.Contains("freez", StringComparison.Ordinal) && !state.Contains("refrigerator", StringComparison.Ordinal))
            {
                running.Add(state);
            }
        }

        return running.Count == 0 ? $"({pids.Count} processes)" : string.Join(" ", running);
    }
}
