using System.Collections.Generic;
using Anocir.Linux;
using Anocir.Runtime.Cgroups;
using Anocir.Runtime.Logging;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>Signals for every process in a container's cgroup, its sub-cgroups included.</summary>
public static class CgroupSignal
{
    /// <summary>
    /// Sends the signal; false when there is no such cgroup or nobody in it. SIGKILL on cgroup v2 is one write to cgroup.kill, which no
    /// fork can outrun; elsewhere the cgroup is frozen meanwhile, if it can be.
    /// </summary>
    public static bool Send(CgroupRecord cgroup, int signal, Logger log)
    {
        if (Directory(cgroup) is not { } directory)
        {
            return false;
        }

        if (signal == SignalName.Kill && cgroup.Version == 2 && !CgroupFile.Write(directory + "/cgroup.kill", "1"u8).IsError)
        {
            return true;
        }

        bool wasFrozen = CgroupProcesses.IsFrozen(directory);
        bool froze = !wasFrozen && Freezer.Set(cgroup, frozen: true);
        try
        {
            return SendEach(directory, signal, log);
        }
        finally
        {
            // A frozen process does not die on v1 before it is thawed.
            if (froze || signal == SignalName.Kill)
            {
                _ = Freezer.Set(cgroup, frozen: false);
            }
        }
    }

    // A process that is not frozen yet may fork between the list and the signal: SIGKILL goes round until nobody new appears.
    private static bool SendEach(string directory, int signal, Logger log)
    {
        const int MaxRounds = 100;
        var reached = new HashSet<int>();
        for (int round = 0; round < MaxRounds; round++)
        {
            List<int> pids = [];
            CgroupProcesses.Collect(directory, pids);
            bool isNews = false;
            foreach (int pid in pids)
            {
                // 0 stands for a process of a PID namespace that is not below ours; kill(0) would hit our own process group.
                if (pid > 0 && reached.Add(pid))
                {
                    isNews = true;
                    Send(pid, signal, log);
                }
            }

            if (!isNews || signal != SignalName.Kill)
            {
                break;
            }
        }

        return reached.Count > 0;
    }

    private static void Send(int pid, int signal, Logger log)
    {
        SysResult result = Sys.Kill(pid, signal);
        if (result.IsError && !result.Is(Errno.ESRCH))
        {
            log.Warn($"cannot signal process {pid}: {ErrnoText.Describe(result.Errno)}, ignoring");
        }
    }

    // On v1 any hierarchy lists the processes; the freezer's is the one that can hold them still.
    private static string? Directory(CgroupRecord cgroup) =>
        cgroup.Freezer ?? (cgroup.Paths.Count > 0 ? cgroup.Paths[0] : null);
}
