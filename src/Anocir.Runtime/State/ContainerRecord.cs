using System.Collections.Generic;

namespace Anocir.Runtime.State;

/// <summary>How far the creation of a container got, as written down; what it does now is <see cref="ContainerStatus"/>.</summary>
public enum RecordStage
{
    /// <summary>Intent: side effects may exist in any number, the init may or may not.</summary>
    Creating,

    /// <summary>The init was set up and waits for start, or was started, or has ended.</summary>
    Created,
}

/// <summary>
/// What is remembered about one container (state.json, version 1; docs/state.md). Written before the first side effect and
/// again whenever a PID or a resource is added, so that <c>delete --force</c> can clean up after a kill at any moment.
/// </summary>
public sealed class ContainerRecord
{
    /// <summary>The version this build writes. Readers ignore unknown members and refuse greater versions.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The container's name; equals the name of the directory.</summary>
    public required string Id { get; init; }

    /// <summary>ociVersion of the configuration.</summary>
    public required string OciVersion { get; init; }

    /// <summary>Absolute path of the bundle.</summary>
    public required string Bundle { get; init; }

    /// <summary>Absolute path of the root filesystem.</summary>
    public required string Rootfs { get; init; }

    /// <summary>Time of creation, RFC 3339 with a fraction, UTC (<see cref="Timestamp"/>).</summary>
    public required string Created { get; init; }

    /// <summary>How far the creation got.</summary>
    public RecordStage Stage { get; set; }

    /// <summary>PID of the init as the runtime sees it; 0 while there is none.</summary>
    public int Pid { get; set; }

    /// <summary>Start time of <see cref="Pid"/> in clock ticks since boot (field 22 of /proc/PID/stat).</summary>
    public ulong PidStartTime { get; set; }

    /// <summary>PID of the process that creates the container, to tell "being created" from "died while creating".</summary>
    public int CreatorPid { get; set; }

    /// <summary>Start time of <see cref="CreatorPid"/>.</summary>
    public ulong CreatorStartTime { get; set; }

    /// <summary>Device of the anocir-init image that a waiting init executes (major &lt;&lt; 32 | minor, from statx).</summary>
    public ulong InitDevice { get; set; }

    /// <summary>Inode of that image.</summary>
    public ulong InitInode { get; set; }

    /// <summary>
    /// Whether the container was made by restore, without an anocir-init. CRIU gives restored processes a time namespace of their own, that their clocks go on.
    /// </summary>
    public bool IsRestored => Stage == RecordStage.Created && InitInode == 0;

    /// <summary>Effective user ID of the creator.</summary>
    public uint OwnerUid { get; set; }

    /// <summary>Annotations of the configuration, in its order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Annotations { get; init; } = [];

    /// <summary>The container's cgroup; null while there is none (or with --cgroup-manager disabled).</summary>
    public CgroupRecord? Cgroup { get; set; }

    /// <summary>The container's resctrl group; null without linux.intelRdt.</summary>
    public ResctrlRecord? Resctrl { get; init; }

    /// <summary>Whether the container has its own new PID namespace; if not, its end does not end the other processes.</summary>
    public bool HasPrivatePidNamespace { get; set; } = true;

    /// <summary>
    /// ID of the mount (statx(2), STATX_MNT_ID) that <see cref="Rootfs"/> was on before the container was made, for one without a mount namespace,
    /// whose mounts are on the host; else null.
    /// </summary>
    public ulong? HostMount { get; set; }

    /// <summary>Whether the container has a mount namespace of its own or of another container.</summary>
    public bool HasMountNamespace => HostMount is null;

    /// <summary>Whether the container has no session keyring of its own (<c>--no-new-keyring</c>): exec then joins none either.</summary>
    public bool NoNewKeyring { get; set; }

    /// <summary>
    /// What the standard streams led to at the beginning, as readlink(2) of /proc/PID/fd tells: three texts such as <c>pipe:[4711]</c>, or none of a container with a
    /// terminal. checkpoint needs them, and a program may have redirected its own by then.
    /// </summary>
    public IReadOnlyList<string> Streams { get; init; } = [];

    /// <summary>Whether start must read the kept configuration for poststart hooks.</summary>
    public bool HasPoststart { get; set; }

    /// <summary>Whether there is a process and no hook of start: then start need not read the config.</summary>
    public bool StartsPlainly { get; set; }

    /// <summary>Whether delete must read the kept configuration for poststop hooks.</summary>
    public bool HasPoststop { get; set; }
}

/// <summary>Where a container's cgroup is.</summary>
public sealed class CgroupRecord
{
    /// <summary><c>cgroupfs</c> or <c>systemd</c>.</summary>
    public required string Driver { get; init; }

    /// <summary>1 (also hybrid) or 2.</summary>
    public required int Version { get; init; }

    /// <summary>Absolute directories of the container: one on v2, one per hierarchy on v1.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>What each of <see cref="Paths"/> carries: <c>memory</c>, <c>cpu,cpuacct</c>, <c>name=systemd</c>; empty for cgroup v2.</summary>
    public IReadOnlyList<string> Controllers { get; init; } = [];

    /// <summary>The one of <see cref="Paths"/> that can freeze (freezer hierarchy on v1); null when none can.</summary>
    public string? Freezer { get; init; }

    /// <summary>The unit of systemd that the cgroup belongs to; null without systemd.</summary>
    public string? Unit { get; init; }

    /// <summary>Address of the bus of the user whose systemd that is; null for process 1.</summary>
    public string? UserBus { get; init; }
}
