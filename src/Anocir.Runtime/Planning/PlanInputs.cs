using System.Collections.Generic;
using Anocir.Runtime.Cgroups;
using Anocir.Runtime.SeccompFilters;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Planning;

/// <summary>
/// Everything the planner decides from: the config, paths already made absolute, and fds already opened. <c>anocir plan</c>
/// fills in no fds; the plan then names the slots only.
/// </summary>
public sealed class PlanInputs
{
    /// <summary>The validated config.</summary>
    public required RuntimeConfig Config { get; init; }

    /// <summary>Absolute path of the bundle, for relative mount sources.</summary>
    public required string Bundle { get; init; }

    /// <summary>Absolute path of root.path.</summary>
    public required string Rootfs { get; init; }

    /// <summary>Container ID, for the name of the session keyring.</summary>
    public required string Id { get; init; }

    /// <summary>Whether the caller has no rights of its own (another user than root, or without CAP_SYS_ADMIN): all come from the user namespace.</summary>
    public bool GainsRights { get; init; }

    /// <summary>Which of the standard streams (bit 0 is standard input) are the host's /dev/null, which init replaces by the container's.</summary>
    public int NullStreams { get; init; }

    /// <summary>Whether the controller itself is in a user namespace: what only the initial one may do is replaced as in a container with its own.</summary>
    public bool InUserNamespace { get; init; }

    /// <summary>What setgroups(2) may do in the container.</summary>
    public SetgroupsRule Setgroups { get; init; }

    /// <summary>The value to write to oom_score_adj; null: the caller's own stays.</summary>
    public int? OomScoreAdj { get; init; }

    /// <summary>Whether the controller, and so init before it takes the process's identity, has the effective IDs 0 and 0.</summary>
    public bool CallerIsRoot { get; init; }

    /// <summary><see cref="Anocir.Plan.PlanHeader.KeptDescriptors"/>.</summary>
    public uint KeptDescriptors { get; init; }

    /// <summary>Use MS_MOVE and chroot instead of pivot_root (<c>--no-pivot</c>).</summary>
    public bool NoPivot { get; init; }

    /// <summary>With <see cref="NoPivot"/> and a new mount namespace: where the host's proc and sysfs are (<see cref="Planning.HostViews"/>).</summary>
    public string[] HostViews { get; init; } = [];

    /// <summary>Keep the caller's session keyring (<c>--no-new-keyring</c>).</summary>
    public bool NoNewKeyring { get; init; }

    /// <summary>Whether the process joins a running container (exec) instead of becoming the init of a new one.</summary>
    public bool IsExec { get; init; }

    /// <summary>How many of <see cref="PreserveFds"/> are sockets that the program is told of in LISTEN_FDS.</summary>
    public int ListenFds { get; init; }

    /// <summary>The names of those sockets for LISTEN_FDNAMES, or null.</summary>
    public string? ListenFdNames { get; init; }

    /// <summary>Number of fds from 3 upwards that the program gets ($LISTEN_FDS and <c>--preserve-fds</c>).</summary>
    public int PreserveFds { get; init; }

    /// <summary>How init becomes a member of the container's cgroups.</summary>
    public CgroupEntry CgroupEntry { get; init; }

    /// <summary>With <see cref="CgroupEntry.Self"/>: the <c>tasks</c> files to write 0 to.</summary>
    public string[] CgroupTaskFiles { get; init; } = [];

    /// <summary>What a mount of type cgroup consists of on this host.</summary>
    public IReadOnlyList<CgroupMount> CgroupMounts { get; init; } = [];

    /// <summary>Directory fd of the v2 cgroup for CLONE_INTO_CGROUP (v2 and hybrid), or -1.</summary>
    public int CgroupFd { get; init; } = -1;

    /// <summary>Whether there is a v2 cgroup that init is born in (CgroupFd is it, once opened).</summary>
    public bool HasUnifiedCgroup { get; init; }

    /// <summary>init's end of the socket pair, or -1.</summary>
    public int SyncFd { get; init; } = -1;

    /// <summary>With a helper that waits for a cgroup manager before it gets this plan: what it waits with.</summary>
    public WaitingHelperFds? WaitingHelper { get; init; }

    /// <summary>exec.fifo, O_RDWR, or -1.</summary>
    public int StartFifoFd { get; init; } = -1;

    /// <summary>The answering FIFO, O_RDWR, or -1.</summary>
    public int ReplyFifoFd { get; init; } = -1;

    /// <summary>Append-only memfd for the output of hooks inside the container, or -1.</summary>
    public int HookOutputFd { get; init; } = -1;

    /// <summary>init's end of the pair on which it receives mount sources, or -1 without a user namespace.</summary>
    public int SourceSocketFd { get; init; } = -1;

    /// <summary>Opened namespace files, one for each entry of linux.namespaces that has a path, by index; -1 elsewhere.</summary>
    public int[] NamespaceFds { get; init; } = [];

    /// <summary>User namespace fd for each mount that is idmapped, by index of the mount; -1 elsewhere.</summary>
    public int[] MountUserNamespaceFds { get; init; } = [];

    /// <summary>State JSON for hooks inside the container, with a run of 10 spaces where the PID belongs, and the offset of that run.</summary>
    public (byte[] Json, int PidOffset) HookState { get; init; } = ([], 0);

    /// <summary>Same, with the status that startContainer hooks see.</summary>
    public (byte[] Json, int PidOffset) StartHookState { get; init; } = ([], 0);

    /// <summary>The compiled filter (struct sock_filter[]) and the flags of seccomp(2); empty without linux.seccomp.</summary>
    public SeccompProgram Seccomp { get; init; } = new([], 0);

    /// <summary>Whether the AppArmor profile is added to the one this command runs under: its own may not be left with no_new_privs.</summary>
    public bool StackApparmorProfile { get; init; }

    /// <summary>Home directory of the user in the image's /etc/passwd: HOME, when the config does not set it.</summary>
    public string Home { get; init; } = "/";

    /// <summary>Highest capability number of the kernel (/proc/sys/kernel/cap_last_cap).</summary>
    public int LastCapability { get; init; } = 40;

    /// <summary>Capabilities that init can have, as a mask; what is asked for beyond them is left out.</summary>
    public ulong GrantableCapabilities { get; init; } = ulong.MaxValue;
}

/// <summary>What setgroups(2) may do in the container's user namespace (user_namespaces(7)).</summary>
public enum SetgroupsRule
{
    /// <summary>Everything: a failure is an error.</summary>
    Allowed,

    /// <summary>Not known (a namespace of others, newgidmap's decision): the groups are set where that is possible.</summary>
    Unknown,

    /// <summary>Nothing, or the groups of the caller are to be kept: it is not called.</summary>
    Denied,
}

/// <summary>How init gets into the container's cgroups.</summary>
public enum CgroupEntry
{
    /// <summary>There is nothing to enter.</summary>
    None,

    /// <summary>Born there: CLONE_INTO_CGROUP (v2).</summary>
    Clone,

    /// <summary>Once the controller has made them, init enters the v1 hierarchies itself through <c>tasks</c>, which does not wait for an RCU
    /// grace period as a write of another's PID to cgroup.procs does; on a hybrid host it is born in the v2 one.</summary>
    Self,

    /// <summary>The controller writes cgroup.procs and then says so: with a user namespace init has no right to.</summary>
    Controller,
}
