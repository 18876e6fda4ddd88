using System;
using System.Collections.Generic;
using Anocir.Linux;
using Anocir.Runtime.Errors;

namespace Anocir.Runtime.Cgroups;

/// <summary>Kills every process in a container's cgroups.</summary>
public static class CgroupKiller
{
    private const int SigKill = 9;

    /// <summary>
    /// Sends SIGKILL to everything in the directories and below: by cgroup.kill on v2, which also reaches what they fork meanwhile, else
    /// to each PID. Frozen v1 cgroups are thawed afterwards, because their processes would die only then.
    /// </summary>
    /// <exception cref="ContainerException">The caller itself is in one of them; nothing was killed.</exception>
    public static void KillAll(List<string> directories)
    {
        var pids = new List<int>();
        foreach (string directory in directories)
        {
            int before = pids.Count;
            CgroupProcesses.Collect(directory, pids);
            if (pids.IndexOf(Environment.ProcessId, before) >= 0)
            {
                throw new ContainerException($"cannot kill the processes of cgroup '{directory}': this command runs in it"
                    + "; hint: run it from another cgroup");
            }
        }

        if (pids.Count == 0)
        {
            return;
        }

        bool everywhere = true;
        foreach (string directory in directories)
        {
            everywhere &= !CgroupFile.Write(directory + "/cgroup.kill", "1"u8).IsError;
        }

        if (!everywhere)
        {
            // On a hybrid host only the v2 directory has the file, and a process need not be in all hierarchies.
            KillEach(pids);
        }

        foreach (string directory in directories)
        {
            Thaw(directory);
        }
    }

    private static void KillEach(List<int> pids)
    {
        pids.Sort();
        int last = 0;
        foreach (int pid in pids)
        {
            // Each hierarchy lists the same PIDs. 0 stands for a process of another PID namespace; kill(0) would hit our own group.
            if (pid > last)
            {
                last = pid;
                _ = Sys.Kill(pid, SigKill);
            }
        }
    }

    /// <summary>v2 needs none of this: cgroup.kill and SIGKILL work on frozen cgroups.</summary>
    private static void Thaw(string directory)
    {
        if (CgroupFile.Write(directory + "/freezer.state", "THAWED"u8).IsError)
        {
            return;
        }

        foreach (string child in CgroupDirectory.Children(directory))
        {
            Thaw(directory + "/" + child);
        }
    }
}
