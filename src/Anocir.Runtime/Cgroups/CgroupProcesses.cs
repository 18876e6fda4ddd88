using System;
using System.Buffers.Text;
using System.Collections.Generic;
using Anocir.Linux;
using Anocir.Runtime.Errors;

namespace Anocir.Runtime.Cgroups;

/// <summary>The processes in a cgroup directory and below it, v1 and v2.</summary>
public static class CgroupProcesses
{
    /// <summary>How many processes are in the cgroup and its sub-cgroups; none when it does not exist.</summary>
    public static int Count(string directory)
    {
        var pids = new List<int>();
        Collect(directory, pids);
        return pids.Count;
    }

    /// <summary>The first of the cgroups that has processes, in it or below; null when all are empty.</summary>
    public static string? FirstOccupied(IReadOnlyList<string> directories)
    {
        foreach (string directory in directories)
        {
            if (Count(directory) != 0)
            {
                return directory;
            }
        }

        return null;
    }

    /// <summary>Adds the PIDs in the cgroup and its sub-cgroups; a cgroup that vanishes meanwhile has none.</summary>
    public static void Collect(string directory, List<int> pids)
    {
        SysResult result = CgroupFile.TryReadAll(directory + "/cgroup.procs", out byte[] content);
        if (result.Is(Errno.EOPNOTSUPP))
        {
            // A threaded cgroup lists its processes only in its domain; its threads are what is here.
            result = CgroupFile.TryReadAll(directory + "/cgroup.threads", out content);
        }

        if (result.Is(Errno.ENOENT) || result.Is(Errno.ENODEV))
        {
            return;
        }

        if (result.IsError)
        {
            throw ContainerException.System("list processes of cgroup", directory, result.Errno);
        }

        ReadOnlySpan<byte> rest = content;
        while (Utf8Parser.TryParse(rest, out int pid, out int used))
        {
            pids.Add(pid);
            rest = rest[used..].TrimStart((byte)'\n');
        }

        foreach (string child in CgroupDirectory.Children(directory))
        {
            Collect(directory + "/" + child, pids);
        }
    }

    /// <summary>
    /// Whether the cgroup itself is frozen or about to be (v1 freezer.state, v2 cgroup.freeze); false when it cannot freeze.
    /// </summary>
    public static bool IsFrozen(string directory, int version = 0)
    {
        Span<byte> state = stackalloc byte[16];
        SysResult read;
        if (version != 1)
        {
            read = CgroupFile.Read(directory + "/cgroup.freeze", state);
            if (!read.IsError)
            {
                return read.Int > 0 && state[0] == '1';
            }
        }

        read = CgroupFile.Read(directory + "/freezer.state", state);
        if (read.IsError || !state[..read.Int].StartsWith("FR"u8)) // FROZEN, FREEZING
        {
            return false;
        }

        // A frozen parent freezes this one too, but that is not this container's pause.
        read = CgroupFile.Read(directory + "/freezer.self_freezing", state);
        return read.IsError || read.Int == 0 || state[0] == '1';
    }
}
