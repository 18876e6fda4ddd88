using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>Options of create and run. Paths are as the user gave them, relative to the working directory of the caller.</summary>
public sealed class CreateOptions
{
    /// <summary>Name of the new container; the default value (empty) only for <c>plan</c>, which needs none.</summary>
    public required ContainerId Id { get; init; }

    /// <summary>Bundle directory.</summary>
    public string Bundle { get; init; } = ".";

    /// <summary>Configuration file in another place than BUNDLE/config.json.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>Unix socket that receives the terminal's master.</summary>
    public string? ConsoleSocket { get; init; }

    /// <summary>File that receives the PID of the init.</summary>
    public string? PidFile { get; init; }

    /// <summary>Unix socket that receives a pidfd of the init.</summary>
    public string? PidfdSocket { get; init; }

    /// <summary>Move the root mount and chroot instead of pivot_root, for roots on a ramdisk.</summary>
    public bool NoPivot { get; init; }

    /// <summary>Keep the session keyring of the caller.</summary>
    public bool NoNewKeyring { get; init; }

    /// <summary>Sockets from 3 on that systemd's protocol passes ($LISTEN_FDS, when $LISTEN_PID is this process); 0 or more.</summary>
    public int ListenFds { get; init; }

    /// <summary>$LISTEN_FDNAMES: the names of those sockets, separated by colons; null without.</summary>
    public string? ListenFdNames { get; init; }

    /// <summary>$NOTIFY_SOCKET: where the caller's service manager wants to be told that the container is ready; null without.</summary>
    public string? NotifySocket { get; init; }

    /// <summary>Further descriptors, behind those, to hand to the container; 0 or more.</summary>
    public int PreserveFds { get; init; }

    /// <summary>run: return once the program runs.</summary>
    public bool Detach { get; init; }

    /// <summary>run: keep the state after the end.</summary>
    public bool Keep { get; init; }

    /// <summary>run: do not become a child subreaper.</summary>
    public bool NoSubreaper { get; init; }
}
