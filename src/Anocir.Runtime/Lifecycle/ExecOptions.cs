using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>Options of exec. Paths of the host are as the user gave them, relative to the working directory of the caller.</summary>
public sealed class ExecOptions
{
    /// <summary>The running container.</summary>
    public required ContainerId Id { get; init; }

    /// <summary>Program and arguments, untouched; not looked at with <see cref="ProcessFile"/>.</summary>
    public string[] Args { get; init; } = [];

    /// <summary>File with the whole process object; then only descriptors, sockets, files and cgroup of these options count.</summary>
    public string? ProcessFile { get; init; }

    /// <summary>Working directory in the container instead of the configured one.</summary>
    public string? Cwd { get; init; }

    /// <summary>Variables on top of the configured ones, <c>NAME=value</c>.</summary>
    public string[] Env { get; init; } = [];

    /// <summary>Give the program a terminal; the configured process.terminal has no say.</summary>
    public bool Tty { get; init; }

    /// <summary><c>UID[:GID]</c> instead of the configured user.</summary>
    public string? User { get; init; }

    /// <summary>Supplementary groups besides the configured ones, decimal.</summary>
    public string[] AdditionalGids { get; init; } = [];

    /// <summary>Capabilities besides the configured ones.</summary>
    public string[] Capabilities { get; init; } = [];

    /// <summary>Set or leave no_new_privs; null: as configured.</summary>
    public bool? NoNewPrivileges { get; init; }

    /// <summary>SELinux label instead of the configured one.</summary>
    public string? ProcessLabel { get; init; }

    /// <summary>AppArmor profile instead of the configured one.</summary>
    public string? Apparmor { get; init; }

    /// <summary>Return once the program runs.</summary>
    public bool Detach { get; init; }

    /// <summary>File that receives the PID of the process.</summary>
    public string? PidFile { get; init; }

    /// <summary>Unix socket that receives the terminal's master.</summary>
    public string? ConsoleSocket { get; init; }

    /// <summary>Unix socket that receives a pidfd of the process.</summary>
    public string? PidfdSocket { get; init; }

    /// <summary>Descriptors from 3 on to hand over; 0 or more.</summary>
    public int PreserveFds { get; init; }

    /// <summary>Sub-cgroups, <c>PATH</c> or <c>CONTROLLER[,CONTROLLER]:PATH</c>.</summary>
    public string[] Cgroups { get; init; } = [];

    /// <summary>Also in a paused container; the new process is frozen with it.</summary>
    public bool IgnorePaused { get; init; }
}
