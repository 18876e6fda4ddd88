namespace Anocir.Runtime.Criu;

/// <summary>The options of checkpoint and restore that are CRIU's own; criu(8) explains each under the same name.</summary>
public sealed class CheckpointChoices
{
    /// <summary>checkpoint: the container goes on afterwards.</summary>
    public bool LeaveRunning { get; init; }

    /// <summary>Established TCP connections are saved and restored.</summary>
    public bool TcpEstablished { get; init; }

    /// <summary>checkpoint: TCP connections that are not established yet are left out.</summary>
    public bool TcpSkipInFlight { get; init; }

    /// <summary>restore: established TCP connections come back closed.</summary>
    public bool TcpClose { get; init; }

    /// <summary>checkpoint: files that were unlinked and are open get a name again.</summary>
    public bool LinkRemap { get; init; }

    /// <summary>Unix sockets whose other end is outside of the container.</summary>
    public bool ExternalUnixSockets { get; init; }

    /// <summary>The container's session and terminal are the caller's.</summary>
    public bool ShellJob { get; init; }

    /// <summary>File locks.</summary>
    public bool FileLocks { get; init; }

    /// <summary>Memory pages are sent on demand.</summary>
    public bool LazyPages { get; init; }

    /// <summary>Pages that a later image has too are taken out of the earlier one.</summary>
    public bool AutoDedup { get; init; }

    /// <summary>checkpoint: directory of an earlier image, relative to that of this one; null for none.</summary>
    public string? ParentPath { get; init; }

    /// <summary>checkpoint: where pages go instead of into files; null for files.</summary>
    public (string Address, int Port)? PageServer { get; init; }

    /// <summary>enum criu_cg_mode: what happens to cgroups.</summary>
    public int CgroupsMode { get; init; } = DefaultCgroupsMode;

    /// <summary>enum criu_network_lock_method; 0: CRIU's default.</summary>
    public int NetworkLock { get; init; }

    /// <summary>restore: <c>apparmor:NAME</c> or <c>selinux:LABEL</c>; null: as saved.</summary>
    public string? LsmProfile { get; init; }

    /// <summary>restore: SELinux context of mounts; null: as saved.</summary>
    public string? LsmMountContext { get; init; }

    /// <summary>CRIU's own choice (CriuCgMode DEFAULT).</summary>
    public const int DefaultCgroupsMode = 6;

    /// <summary>The number of a name of <c>--manage-cgroups-mode</c>; -1 for another word.</summary>
    public static int ParseCgroupsMode(string? name) => name switch
    {
        null or "" => DefaultCgroupsMode,
        "ignore" => 0,
        "soft" => 3,
        "full" => 4,
        "strict" => 5,
        _ => -1,
    };

    /// <summary>The number of a name of <c>--network-lock</c>; -1 for another word.</summary>
    public static int ParseNetworkLock(string? name) => name switch
    {
        null or "" => 0,
        "iptables" => 1,
        "nftables" => 2,
        "skip" => 3,
        _ => -1,
    };
}
