namespace Anocir.Runtime.Cgroups;

/// <summary>The cgroup of one container: one directory in each hierarchy.</summary>
public sealed class CgroupPlan
{
    /// <summary>A plan for these targets.</summary>
    public CgroupPlan(CgroupMode mode, CgroupTarget[] targets)
    {
        Mode = mode;
        Targets = targets;
    }

    /// <summary>Arrangement of the host's hierarchies.</summary>
    public CgroupMode Mode { get; }

    /// <summary>The container's directories, in the order of /proc/self/cgroup.</summary>
    public CgroupTarget[] Targets { get; }

    /// <summary>The directory in the cgroup v2 hierarchy; null on a host that has only v1.</summary>
    public CgroupTarget? Unified
    {
        get
        {
            foreach (CgroupTarget target in Targets)
            {
                if (target.Hierarchy.IsUnified)
                {
                    return target;
                }
            }

            return null;
        }
    }

    /// <summary>The directory that carries a v1 controller, or null.</summary>
    public CgroupTarget? Find(string controller)
    {
        foreach (CgroupTarget target in Targets)
        {
            if (target.Hierarchy.Has(controller))
            {
                return target;
            }
        }

        return null;
    }

    /// <summary>The absolute directories, for the container's record and <see cref="CgroupfsDriver.Destroy"/>.</summary>
    public string[] Directories()
    {
        string[] result = new string[Targets.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = Targets[i].Directory;
        }

        return result;
    }

    /// <summary>The controllers of each directory, in the same order, as in <see cref="CgroupHierarchy.Controllers"/>.</summary>
    public string[] Controllers()
    {
        string[] result = new string[Targets.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = Targets[i].Hierarchy.Controllers;
        }

        return result;
    }

    /// <summary>
    /// The v1 files into which init writes <c>0</c> to enter its cgroups itself, while it has one thread; empty on a unified host.
    /// <para>
    /// This is the fast way in: a write of another process's PID to <c>cgroup.procs</c> takes a lock that waits for an RCU grace period
    /// (about 10 ms when no other migration happened shortly before), while a thread that moves itself through <c>tasks</c> does not
    /// (Linux 5.4 and later), and neither does being born in the v2 cgroup by CLONE_INTO_CGROUP.
    /// </para>
    /// </summary>
    public string[] SelfJoinFiles()
    {
        int count = 0;
        foreach (CgroupTarget target in Targets)
        {
            count += target.Hierarchy.IsUnified ? 0 : 1;
        }

        string[] result = new string[count];
        count = 0;
        foreach (CgroupTarget target in Targets)
        {
            if (!target.Hierarchy.IsUnified)
            {
                result[count++] = target.Directory + "/tasks";
            }
        }

        return result;
    }
}

/// <summary>The container's directory in one hierarchy.</summary>
public sealed class CgroupTarget
{
    /// <summary>The cgroup <paramref name="path"/> (cleaned, starting with a slash) of a hierarchy.</summary>
    public CgroupTarget(CgroupHierarchy hierarchy, string path)
    {
        Hierarchy = hierarchy;
        Path = path;
        Directory = CgroupPath.Join(hierarchy.MountPoint, path);
    }

    /// <summary>The hierarchy.</summary>
    public CgroupHierarchy Hierarchy { get; }

    /// <summary>The cgroup below the hierarchy's mount point: <c>/docker/abc</c>.</summary>
    public string Path { get; }

    /// <summary>The absolute directory: <c>/sys/fs/cgroup/cpu/docker/abc</c>.</summary>
    public string Directory { get; }
}
