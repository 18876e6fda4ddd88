namespace Anocir.Runtime.Planning;

/// <summary>What the plan of exec is decided from, besides the process itself.</summary>
public sealed class ExecInputs
{
    /// <summary>
    /// The container's config with the new process in it and without hooks, the seccomp filter, descriptors and cgroups;
    /// <see cref="PlanInputs.IsExec"/> is set.
    /// </summary>
    public required PlanInputs Plan { get; init; }

    /// <summary>pidfd of the container's init, or -1 where only the plan is of interest.</summary>
    public int InitPidfd { get; init; } = -1;

    /// <summary>CLONE_NEW* flags of the namespaces to join.</summary>
    public uint Namespaces { get; init; }

    /// <summary>Whether the caller's supplementary groups go before the join.</summary>
    public bool DropsGroups { get; init; }

    /// <summary>Root directory of a container without a mount namespace of its own, or -1.</summary>
    public int RootFd { get; init; } = -1;
}
