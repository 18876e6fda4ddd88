using System;
using System.Globalization;
using System.Text;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>
/// sd_notify(3) for a container whose caller is a service manager ($NOTIFY_SOCKET): the container gets a socket of its own, below
/// /run/notify as with runc, and its READY=1 is passed on. Nothing else of what it says is: it cannot name processes of the host.
/// </summary>
internal sealed class ReadinessRelay : IDisposable
{
    private const string DirectoryName = "notify";
    private const string SocketName = "notify.sock";
    private const string InContainer = "/run/notify";

    /// <summary>How long a service manager may take to read what it was sent (sd_notify_barrier(3)); runc's limit.</summary>
    private const int BarrierMilliseconds = 30_000;

    private readonly Fd _container;
    private readonly Fd _host;

    private ReadinessRelay(Fd container, Fd host)
    {
        _container = container;
        _host = host;
    }

    /// <summary>The container's socket and the caller's, for the attendant of a foreground run.</summary>
    public (int Container, int Host) Sockets => (_container.Number, _host.Number);

    /// <summary>Gives a container that is about to be made the directory of its socket, and the variable that names it.</summary>
    public static void Prepare(ContainerDirectory directory, RuntimeConfig config)
    {
        const uint Everybody = 0x1ed; // 0755
        SysResult made = Sys.MkdirAt(directory.Descriptor, DirectoryName, Everybody);
        if (!made.IsError)
        {
            made = Sys.ChmodAt(directory.Descriptor, DirectoryName, Everybody); // whatever the umask
        }

        if (made.IsError)
        {
            throw ContainerException.System("create", directory.Path + "/" + DirectoryName, made.Errno);
        }

        config.Mounts =
        [
            .. config.Mounts,
            new Mount
            {
                Destination = InContainer,
                Type = "bind",
                Source = directory.Path + "/" + DirectoryName,
                Options = ["bind", "nosuid", "noexec", "nodev", "ro"],
            },
        ];
        if (config.Process is { } process)
        {
            process.Env = [.. process.Env, "NOTIFY_SOCKET=" + InContainer + "/" + SocketName];
        }
    }

    /// <summary>Binds the socket of a container that is about to start; null when it was made without, or the caller has none.</summary>
    public static ReadinessRelay? Open(ContainerDirectory directory, string? callerSocket)
    {
        if (callerSocket is null || Sys.AccessAt(directory.Descriptor, DirectoryName, 0).IsError)
        {
            return null;
        }

        SysResult connected = Sys.ConnectDatagram(callerSocket);
        if (connected.IsError)
        {
            throw new ContainerException($"variable NOTIFY_SOCKET: cannot connect to '{Printable.Escape(callerSocket)}': {ErrnoHints.Cause(connected.Errno)}");
        }

        var host = new Fd(connected.Int);
        string file = DirectoryName + "/" + SocketName;

        // By way of the descriptor: the path of the state root may be longer than a socket address.
        _ = Sys.UnlinkAt(directory.Descriptor, file);
        SysResult bound = Sys.BindDatagram("/proc/self/fd/" + directory.Descriptor.ToString(CultureInfo.InvariantCulture) + "/" + file);
        SysResult opened = bound.IsError ? bound : Sys.ChmodAt(directory.Descriptor, file, 0x1b6); // 0666: any user of the container may write
        if (opened.IsError)
        {
            host.Dispose();
            throw ContainerException.System("bind", directory.Path + "/" + file, opened.Errno);
        }

        return new ReadinessRelay(new Fd(bound.Int), host);
    }

    /// <summary>
    /// Waits until the container says that it is ready, or ends, and passes it on with the PID that is the service's main process from now
    /// on. Without a limit of our own: the service manager has one (TimeoutStartSec=).
    /// </summary>
    public void Wait(Fd pidfd, int pid)
    {
        Span<byte> buffer = stackalloc byte[4096];
        while (Sys.PollInput(_container.Number, pidfd.Number, -1) is { IsError: false } ready && (ready.Value & 1) != 0)
        {
            SysResult received = Sys.ReceiveDatagram(_container.Number, buffer);
            if (received.IsError)
            {
                return;
            }

            if (FindReady(buffer[..Math.Min(received.Int, buffer.Length)]) is { } line)
            {
                _ = Sys.SendDatagram(_host.Number, Encoding.UTF8.GetBytes(line + "\n"));
                _ = Sys.SendDatagram(_host.Number, Encoding.ASCII.GetBytes("MAINPID=" + pid.ToString(CultureInfo.InvariantCulture) + "\n"));
                Barrier();
                return;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _container.Dispose();
        _host.Dispose();
    }

    /// <summary>The first line of a message that begins with READY=, or null.</summary>
    internal static string? FindReady(ReadOnlySpan<byte> message)
    {
        foreach (Range range in message.Split((byte)'\n'))
        {
            if (message[range].StartsWith("READY="u8))
            {
                return Encoding.UTF8.GetString(message[range]);
            }
        }

        return null;
    }

    // The manager closes its copy when it has read everything before: only then may this process end, since the manager looks senders up.
    private void Barrier()
    {
        if (Sys.PacketPair(out Fd ours, out Fd theirs).IsError)
        {
            return;
        }

        using (ours)
        {
            using (theirs)
            {
                if (Sys.Send(_host.Number, "BARRIER=1"u8, theirs.Number).IsError)
                {
                    return;
                }
            }

            _ = Sys.PollInput(ours.Number, -1, BarrierMilliseconds);
        }
    }
}
