using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Anocir.Runtime.Cgroups;
using Anocir.Runtime.Errors;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>The ps command.</summary>
public static class ProcessesQuery
{
    /// <summary>The PIDs, as the caller sees them, of all processes in the container's cgroup and below it; none when it has stopped.</summary>
    public static List<int> Get(RuntimeOptions options, ContainerId id)
    {
        using StateStore store = StateStore.Open(options.Root);
        using ContainerDirectory directory = store.Get(id);
        CgroupRecord cgroup = directory.Load().Cgroup ?? throw StateErrors.NoCgroup(id.Value);
        return Get(cgroup);
    }

    /// <summary>The lines of the host's ps(1) that are about these processes, its heading first.</summary>
    /// <param name="pids">The processes.</param>
    /// <param name="arguments">Options of ps; none means <c>-ef</c>.</param>
    /// <exception cref="ContainerException">There is no ps, it failed, or it shows no column PID.</exception>
    public static string Table(List<int> pids, ReadOnlySpan<string> arguments)
    {
        string output = HostProgram.Run("ps", arguments.IsEmpty ? ["-ef"] : arguments);
        return Filter(output, pids);
    }

    /// <summary>Keeps the heading and the lines whose PID is in the list.</summary>
    public static string Filter(string output, List<int> pids)
    {
        string[] lines = output.Split('\n');
        int column = Array.IndexOf(Fields(lines[0]), "PID");
        if (column < 0)
        {
            throw new ContainerException("cannot list processes: couldn't find PID field in ps output; hint: ps options must leave the column PID");
        }

        var text = new StringBuilder().Append(lines[0]).Append('\n');
        for (int i = 1; i < lines.Length; i++)
        {
            string[] fields = Fields(lines[i]);
            if (fields.Length > column && int.TryParse(fields[column], NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && pids.Contains(pid))
            {
                text.Append(lines[i]).Append('\n');
            }
        }

        return text.ToString();
    }

    internal static List<int> Get(CgroupRecord cgroup)
    {
        List<int> pids = [];
        if ((cgroup.Freezer ?? (cgroup.Paths.Count > 0 ? cgroup.Paths[0] : null)) is { } directory)
        {
            CgroupProcesses.Collect(directory, pids);
            _ = pids.RemoveAll(static pid => pid == 0); // of a PID namespace that is not below the caller's: it has no number here
        }

        return pids;
    }

    private static string[] Fields(string line) => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
