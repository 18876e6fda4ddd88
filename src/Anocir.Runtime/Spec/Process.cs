namespace Anocir.Runtime.Spec;

/// <summary>config.md, "Process"; also the file of <c>exec --process</c>.</summary>
public sealed class Process
{
    /// <summary>Whether the program gets a pseudoterminal.</summary>
    public bool Terminal { get; set; }

    /// <summary>Size of the terminal in characters; ignored without <see cref="Terminal"/>.</summary>
    public ConsoleSize? ConsoleSize { get; set; }

    /// <summary>IDs of the program.</summary>
    public User User { get; set; } = new();

    /// <summary>Program and arguments; at least one.</summary>
    public string[] Args { get; set; } = [];

    /// <summary>Environment, <c>NAME=value</c>.</summary>
    public string[] Env { get; set; } = [];

    /// <summary>Absolute working directory; REQUIRED.</summary>
    public string Cwd { get; set; } = "";

    /// <summary>Capability sets; null and empty sets mean none.</summary>
    public Capabilities? Capabilities { get; set; }

    /// <summary>Resource limits, at most one of each type.</summary>
    public Rlimit[] Rlimits { get; set; } = [];

    /// <summary>PR_SET_NO_NEW_PRIVS.</summary>
    public bool NoNewPrivileges { get; set; }

    /// <summary>AppArmor profile of the program.</summary>
    public string? ApparmorProfile { get; set; }

    /// <summary>SELinux label of the program.</summary>
    public string? SelinuxLabel { get; set; }

    /// <summary>oom_score_adj, -1000 to 1000; null leaves the inherited value.</summary>
    public int? OomScoreAdj { get; set; }

    /// <summary>sched_setattr(2).</summary>
    public Scheduler? Scheduler { get; set; }

    /// <summary>ioprio_set(2).</summary>
    public IoPriority? IoPriority { get; set; }

    /// <summary>CPU affinity of processes that exec adds.</summary>
    public ExecCpuAffinity? ExecCpuAffinity { get; set; }
}

/// <summary>config.md, "consoleSize": a terminal's size in characters.</summary>
public sealed class ConsoleSize
{
    /// <summary>Rows.</summary>
    public uint Height { get; set; }

    /// <summary>Columns.</summary>
    public uint Width { get; set; }
}

/// <summary>config.md, "User" (POSIX platforms); IDs as seen in the container.</summary>
public sealed class User
{
    /// <summary>User ID.</summary>
    public uint Uid { get; set; }

    /// <summary>Group ID.</summary>
    public uint Gid { get; set; }

    /// <summary>File mode creation mask, 0 to 0777; null means the runtime's default, 0022.</summary>
    public uint? Umask { get; set; }

    /// <summary>Supplementary groups.</summary>
    public uint[] AdditionalGids { get; set; } = [];
}

/// <summary>config.md, "Linux Process", capabilities: names such as <c>CAP_KILL</c>; a null set is the empty set.</summary>
public sealed class Capabilities
{
    /// <summary>Bounding set.</summary>
    public string[]? Bounding { get; set; }

    /// <summary>Effective set.</summary>
    public string[]? Effective { get; set; }

    /// <summary>Inheritable set.</summary>
    public string[]? Inheritable { get; set; }

    /// <summary>Permitted set.</summary>
    public string[]? Permitted { get; set; }

    /// <summary>Ambient set.</summary>
    public string[]? Ambient { get; set; }
}

/// <summary>config.md, "POSIX process", rlimits.</summary>
public sealed class Rlimit
{
    /// <summary>Name such as <c>RLIMIT_NOFILE</c>; see <see cref="RlimitNames"/>.</summary>
    public string Type { get; set; } = "";

    /// <summary>Hard limit; <see cref="ulong.MaxValue"/> is infinity.</summary>
    public ulong Hard { get; set; }

    /// <summary>Soft limit, not above the hard one.</summary>
    public ulong Soft { get; set; }
}

/// <summary>config.md, "scheduler": arguments of sched_setattr(2) in the kernel's names.</summary>
public sealed class Scheduler
{
    /// <summary>Policy such as <c>SCHED_BATCH</c>; REQUIRED.</summary>
    public string Policy { get; set; } = "";

    /// <summary>Nice value for SCHED_OTHER and SCHED_BATCH.</summary>
    public int Nice { get; set; }

    /// <summary>Static priority for SCHED_FIFO and SCHED_RR.</summary>
    public int Priority { get; set; }

    /// <summary>Flags such as <c>SCHED_FLAG_RESET_ON_FORK</c>.</summary>
    public string[] Flags { get; set; } = [];

    /// <summary>SCHED_DEADLINE: nanoseconds of work in each period.</summary>
    public ulong Runtime { get; set; }

    /// <summary>SCHED_DEADLINE: nanoseconds until the work must be done.</summary>
    public ulong Deadline { get; set; }

    /// <summary>SCHED_DEADLINE: length of the period in nanoseconds.</summary>
    public ulong Period { get; set; }
}

/// <summary>config.md, "ioPriority": arguments of ioprio_set(2).</summary>
public sealed class IoPriority
{
    /// <summary><c>IOPRIO_CLASS_RT</c>, <c>_BE</c> or <c>_IDLE</c>; REQUIRED.</summary>
    public string Class { get; set; } = "";

    /// <summary>Priority in the class, 0 (highest) to 7.</summary>
    public int Priority { get; set; }
}

/// <summary>config.md, "execCPUAffinity": CPU lists such as <c>0-3,7</c>, before and after joining the cgroup.</summary>
public sealed class ExecCpuAffinity
{
    /// <summary>CPUs before the process is in the container's cgroup.</summary>
    public string? Initial { get; set; }

    /// <summary>CPUs once it is.</summary>
    public string? Final { get; set; }
}
