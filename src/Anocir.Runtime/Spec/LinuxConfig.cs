using System.Collections.Generic;

namespace Anocir.Runtime.Spec;

/// <summary>The <c>linux</c> object (config-linux.md).</summary>
public sealed class LinuxConfig
{
    /// <summary>Namespaces to make or join, at most one of each type; a type that is absent is shared with the runtime.</summary>
    public LinuxNamespace[] Namespaces { get; set; } = [];

    /// <summary>User ID mappings of a new user namespace.</summary>
    public IdMapping[] UidMappings { get; set; } = [];

    /// <summary>Group ID mappings of a new user namespace.</summary>
    public IdMapping[] GidMappings { get; set; } = [];

    /// <summary>Clock offsets of a new time namespace; null when none is given.</summary>
    public TimeOffsets? TimeOffsets { get; set; }

    /// <summary>Device nodes to make.</summary>
    public Device[] Devices { get; set; } = [];

    /// <summary>Limits and device rules of the cgroup.</summary>
    public Resources? Resources { get; set; }

    /// <summary>Where the cgroup is: a path (cgroupfs) or <c>slice:prefix:name</c> (systemd).</summary>
    public string? CgroupsPath { get; set; }

    /// <summary>Kernel parameters, names with <c>.</c> or <c>/</c> as separator.</summary>
    public KeyValuePair<string, string>[] Sysctl { get; set; } = [];

    /// <summary>System call filter.</summary>
    public Seccomp? Seccomp { get; set; }

    /// <summary><c>[r]shared</c>, <c>[r]slave</c>, <c>[r]private</c>, <c>[r]unbindable</c>; null means the runtime's default.</summary>
    public string? RootfsPropagation { get; set; }

    /// <summary>Absolute paths the container must not read.</summary>
    public string[] MaskedPaths { get; set; } = [];

    /// <summary>Absolute paths the container must not write.</summary>
    public string[] ReadonlyPaths { get; set; } = [];

    /// <summary>SELinux context of the mounts.</summary>
    public string? MountLabel { get; set; }

    /// <summary>personality(2).</summary>
    public Personality? Personality { get; set; }

    /// <summary>Resctrl group.</summary>
    public IntelRdt? IntelRdt { get; set; }

    /// <summary>set_mempolicy(2).</summary>
    public MemoryPolicy? MemoryPolicy { get; set; }

    /// <summary>Network devices of the host to move into the container, by host name.</summary>
    public KeyValuePair<string, NetDevice>[] NetDevices { get; set; } = [];

    /// <summary>The entry for one type of namespace, or null when the container shares the runtime's.</summary>
    public LinuxNamespace? FindNamespace(NamespaceType type)
    {
        foreach (LinuxNamespace entry in Namespaces)
        {
            if (entry.Type == type)
            {
                return entry;
            }
        }

        return null;
    }
}

/// <summary>Types of namespaces (config-linux.md, "Namespaces").</summary>
public enum NamespaceType
{
    /// <summary>CLONE_NEWPID.</summary>
    Pid,

    /// <summary>CLONE_NEWNET.</summary>
    Network,

    /// <summary>CLONE_NEWNS.</summary>
    Mount,

    /// <summary>CLONE_NEWIPC.</summary>
    Ipc,

    /// <summary>CLONE_NEWUTS.</summary>
    Uts,

    /// <summary>CLONE_NEWUSER.</summary>
    User,

    /// <summary>CLONE_NEWCGROUP.</summary>
    Cgroup,

    /// <summary>CLONE_NEWTIME.</summary>
    Time,
}

/// <summary>One entry of <c>linux.namespaces</c>.</summary>
public sealed class LinuxNamespace
{
    /// <summary>Type; REQUIRED.</summary>
    public NamespaceType Type { get; set; }

    /// <summary>Absolute path of a namespace to join; null makes a new one.</summary>
    public string? Path { get; set; }
}

/// <summary>config-linux.md, "Offset for Time Namespace"; null clocks keep the offset 0.</summary>
public sealed class TimeOffsets
{
    /// <summary>Offset of CLOCK_MONOTONIC.</summary>
    public TimeOffset? Monotonic { get; set; }

    /// <summary>Offset of CLOCK_BOOTTIME.</summary>
    public TimeOffset? Boottime { get; set; }
}

/// <summary>One clock's offset.</summary>
public sealed class TimeOffset
{
    /// <summary>Seconds, may be negative.</summary>
    public long Secs { get; set; }

    /// <summary>Nanoseconds added to the seconds, below 1,000,000,000.</summary>
    public uint Nanosecs { get; set; }
}

/// <summary>config-linux.md, "Devices".</summary>
public sealed class Device
{
    /// <summary>Absolute path in the container; REQUIRED.</summary>
    public string Path { get; set; } = "";

    /// <summary><c>c</c> or <c>u</c> (character), <c>b</c> (block), <c>p</c> (FIFO); REQUIRED.</summary>
    public string Type { get; set; } = "";

    /// <summary>Major number; REQUIRED unless the type is <c>p</c>.</summary>
    public long? Major { get; set; }

    /// <summary>Minor number; REQUIRED unless the type is <c>p</c>.</summary>
    public long? Minor { get; set; }

    /// <summary>Permission bits; null means 0666.</summary>
    public uint? FileMode { get; set; }

    /// <summary>Owner in the container; null means 0.</summary>
    public uint? Uid { get; set; }

    /// <summary>Group in the container; null means 0.</summary>
    public uint? Gid { get; set; }
}

/// <summary>config-linux.md, "Personality".</summary>
public sealed class Personality
{
    /// <summary><c>LINUX</c> or <c>LINUX32</c>; REQUIRED.</summary>
    public string Domain { get; set; } = "";

    /// <summary>The specification defines no flag yet.</summary>
    public string[] Flags { get; set; } = [];
}

/// <summary>config-linux.md, "IntelRdt".</summary>
public sealed class IntelRdt
{
    /// <summary>Name of the resctrl group; null makes one of the container's ID.</summary>
    public string? ClosId { get; set; }

    /// <summary>Lines of the schemata file.</summary>
    public string[] Schemata { get; set; } = [];

    /// <summary>L3 cache line.</summary>
    public string? L3CacheSchema { get; set; }

    /// <summary>Memory bandwidth line.</summary>
    public string? MemBwSchema { get; set; }

    /// <summary>Whether a monitoring group is made.</summary>
    public bool EnableMonitoring { get; set; }
}

/// <summary>config-linux.md, "Memory policy".</summary>
public sealed class MemoryPolicy
{
    /// <summary>Mode such as <c>MPOL_BIND</c>; REQUIRED.</summary>
    public string Mode { get; set; } = "";

    /// <summary>List of memory nodes such as <c>0-1</c>.</summary>
    public string? Nodes { get; set; }

    /// <summary>Flags such as <c>MPOL_F_STATIC_NODES</c>.</summary>
    public string[] Flags { get; set; } = [];
}

/// <summary>config-linux.md, "Network devices".</summary>
public sealed class NetDevice
{
    /// <summary>Name in the container; null keeps the host's.</summary>
    public string? Name { get; set; }
}
