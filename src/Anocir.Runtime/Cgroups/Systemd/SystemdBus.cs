using System;
using Anocir.Linux;
using Anocir.Runtime.Errors;

namespace Anocir.Runtime.Cgroups.Systemd;

/// <summary>Which systemd is spoken to, and where it listens.</summary>
/// <param name="IsUser">The systemd of a user instead of the one that is process 1.</param>
/// <param name="Address">Address of the user's bus (<c>unix:path=…</c>); empty for process 1.</param>
public sealed record SystemdBus(bool IsUser, string Address)
{
    private const string Running = "/run/systemd/system";

    /// <summary>The one for a caller: process 1 for root, else the one behind $DBUS_SESSION_BUS_ADDRESS or $XDG_RUNTIME_DIR/bus.</summary>
    /// <exception cref="ContainerException">The host does not run systemd, or the user's bus is not known.</exception>
    public static SystemdBus For(bool isUser, string running = Running)
    {
        if (Sys.AccessAt(At.FDCWD, running, 0).IsError)
        {
            throw new ContainerException(
                "systemd not running on this host, cannot use the systemd cgroup driver; hint: use --cgroup-manager cgroupfs, and the same in the engine");
        }

        if (!isUser)
        {
            return new SystemdBus(false, "");
        }

        return new SystemdBus(true, UserAddress()
            ?? throw new ContainerException("cannot find the bus of this user's systemd: neither DBUS_SESSION_BUS_ADDRESS nor XDG_RUNTIME_DIR is set"
                + "; hint: log in through PAM (loginctl enable-linger USER, machinectl shell), or use --cgroup-manager cgroupfs"));
    }

    /// <summary>
    /// Whether the environment names the bus of a user's systemd: then root of a user namespace is such a user, as in rootless Podman,
    /// else it may be that of a system container with a systemd of its own.
    /// </summary>
    public static bool HasUsers => UserAddress() is not null;

    private static string? UserAddress()
    {
        string? address = Environment.GetEnvironmentVariable("DBUS_SESSION_BUS_ADDRESS");
        string? runtime = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
        return !string.IsNullOrEmpty(address) ? address
            : !string.IsNullOrEmpty(runtime) ? $"unix:path={runtime}/bus"
            : null;
    }

    /// <summary>As messages name it.</summary>
    public string Name => IsUser ? "the user's bus" : "the system bus";

    /// <summary>Where to try, in this order: root reaches process 1 also without a bus.</summary>
    internal DbusAddress[] Addresses()
    {
        if (IsUser)
        {
            return DbusAddress.Parse(Address) is { } user
                ? [user]
                : throw new ContainerException($"cannot use the bus address '{Address}' ($DBUS_SESSION_BUS_ADDRESS): it names no Unix socket");
        }

        string? set = Environment.GetEnvironmentVariable("DBUS_SYSTEM_BUS_ADDRESS");
        DbusAddress bus = (string.IsNullOrEmpty(set) ? null : DbusAddress.Parse(set)) ?? new DbusAddress("/run/dbus/system_bus_socket");
        return Sys.GetEuid() == 0 ? [bus, new DbusAddress("/run/systemd/private", IsBus: false)] : [bus];
    }
}
