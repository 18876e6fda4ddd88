namespace Anocir.Runtime.Cgroups;

/// <summary>How the host arranges its cgroup hierarchies (cgroups(7)).</summary>
public enum CgroupMode
{
    /// <summary>Only cgroup v2, mounted on /sys/fs/cgroup.</summary>
    Unified,

    /// <summary>cgroup v1 hierarchies plus a cgroup2 mount beside them (systemd's "hybrid").</summary>
    Hybrid,

    /// <summary>Only cgroup v1 hierarchies.</summary>
    Legacy,
}
