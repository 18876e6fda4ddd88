using Anocir.Runtime.Logging;

namespace Anocir.Runtime.Lifecycle;

/// <summary>Who makes cgroups.</summary>
public enum CgroupManager
{
    /// <summary>The runtime itself, in the cgroup file system.</summary>
    Cgroupfs,

    /// <summary>systemd, over D-Bus.</summary>
    Systemd,

    /// <summary>Nobody: the container stays in the cgroup of the caller.</summary>
    Disabled,
}

/// <summary>What holds for a whole invocation: the global options of the command line.</summary>
public sealed class RuntimeOptions
{
    /// <summary>Absolute, lexically clean path of the directory that holds one directory per container; never <c>/</c>.</summary>
    public required string Root { get; init; }

    /// <summary>Whether <see cref="Root"/> was given by the caller; a missing default root is just an empty list.</summary>
    public bool RootIsExplicit { get; init; }

    /// <summary>Whether <see cref="Root"/> lies in $XDG_RUNTIME_DIR, where only sticky directories survive cleaners.</summary>
    public bool RootIsInRuntimeDir { get; init; }

    /// <summary>Who makes cgroups.</summary>
    public CgroupManager CgroupManager { get; init; }

    /// <summary>Whether missing permission on cgroups is tolerated; null = decide by effective user and user namespace.</summary>
    public bool? Rootless { get; init; }

    /// <summary>Whether compiled seccomp filters are kept below <see cref="Root"/>.</summary>
    public bool SeccompCache { get; init; } = true;

    /// <summary><see cref="Rootless"/>, decided: without it, for any other user than root, for root of a user namespace (as runc), and without CAP_SYS_ADMIN.</summary>
    public bool ToleratesForeignCgroups => Rootless ?? (Caller.Current.GainsRights || Caller.Current.IsInUserNamespace);

    /// <summary>argv[0] of the process that finishes a foreground run.</summary>
    public string ProgramName { get; init; } = "anocir";

    /// <summary>The global options as they were given, for the process that finishes a foreground run.</summary>
    public string[] GlobalArguments { get; init; } = [];

    /// <summary>Where diagnostics go.</summary>
    public required Logger Log { get; init; }
}
