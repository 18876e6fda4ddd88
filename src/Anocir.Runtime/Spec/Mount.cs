namespace Anocir.Runtime.Spec;

/// <summary>config.md, "Mounts".</summary>
public sealed class Mount
{
    /// <summary>Path in the container; REQUIRED.</summary>
    public string Destination { get; set; } = "";

    /// <summary>Filesystem type; null for bind mounts that say so only in their options.</summary>
    public string? Type { get; set; }

    /// <summary>Device name, or a path (absolute or relative to the bundle) for bind mounts.</summary>
    public string? Source { get; set; }

    /// <summary>Options as of fstab(5): flags, propagation, and what is handed to the filesystem.</summary>
    public string[] Options { get; set; } = [];

    /// <summary>User ID mappings of an ID-mapped mount.</summary>
    public IdMapping[] UidMappings { get; set; } = [];

    /// <summary>Group ID mappings of an ID-mapped mount.</summary>
    public IdMapping[] GidMappings { get; set; } = [];
}

/// <summary>
/// config-linux.md, "User namespace mappings": <see cref="Size"/> IDs from <see cref="HostId"/> on appear from
/// <see cref="ContainerId"/> on.
/// </summary>
public sealed class IdMapping
{
    /// <summary>First ID inside.</summary>
    public uint ContainerId { get; set; }

    /// <summary>First ID outside.</summary>
    public uint HostId { get; set; }

    /// <summary>Number of IDs; at least 1.</summary>
    public uint Size { get; set; }
}
