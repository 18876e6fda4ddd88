using System;
using System.Buffers;
using System.Text.Json;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>
/// The program at linux.seccomp.listenerPath that decides calls with SCMP_ACT_NOTIFY: it gets the listener and a container process state
/// (config-linux.md, "The Container Process State"), one per connection.
/// </summary>
internal static class SeccompAgent
{
    /// <summary>Connects, before anything of the container exists.</summary>
    public static Fd Connect(string path)
    {
        SysResult connected = Sys.ConnectUnix(path);
        return connected.IsError
            ? throw new ContainerException("failed to connect with seccomp agent specified in the seccomp profile (linux.seccomp.listenerPath): "
                + $"cannot connect to '{Printable.Escape(path)}': {ErrnoText.Describe(connected.Errno)}")
            : new Fd(connected.Int);
    }

    /// <summary>Takes the listener out of a process (pidfd_getfd(2)) and sends it with the state.</summary>
    /// <param name="socket">The connection.</param>
    /// <param name="seccomp">The configuration of the filter.</param>
    /// <param name="record">The container; its PID is the process's, unless <paramref name="pid"/> is given.</param>
    /// <param name="pidfd">The process.</param>
    /// <param name="number">The listener's number among its descriptors.</param>
    /// <param name="pid">A process that exec adds; 0 for the container's own.</param>
    public static void Send(Fd socket, Seccomp seccomp, ContainerRecord record, int pidfd, int number, int pid = 0)
    {
        SysResult taken = Sys.PidfdGetFd(pidfd, number);
        if (taken.IsError)
        {
            throw new ContainerException($"cannot take the seccomp listener (linux.seccomp): {ErrnoText.Describe(taken.Errno)}"
                + (taken.Is(Errno.EPERM) ? "; hint: needs CAP_SYS_PTRACE" : ""));
        }

        using var listener = new Fd(taken.Int);
        SysResult sent = Sys.Send(socket.Number, State(seccomp, record, pid == 0 ? record.Pid : pid, pid != 0), listener.Number);
        if (sent.IsError)
        {
            throw new ContainerException("cannot send the seccomp listener to the agent (linux.seccomp.listenerPath): " + ErrnoHints.Cause(sent.Errno));
        }
    }

    private static ReadOnlySpan<byte> State(Seccomp seccomp, ContainerRecord record, int pid, bool runs)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (Utf8JsonWriter json = StateDocument.Writer(buffer, indented: false))
        {
            json.WriteStartObject();
            json.WriteString("ociVersion"u8, BuildInfo.SpecVersion);
            json.WriteStartArray("fds"u8);
            json.WriteStringValue("seccompFd"u8);
            json.WriteEndArray();
            json.WriteNumber("pid"u8, pid);
            if (seccomp.ListenerMetadata is { } metadata)
            {
                json.WriteString("metadata"u8, metadata);
            }

            json.WritePropertyName("state"u8);
            json.WriteRawValue(StateDocument.ForHook(record, runs ? ContainerStatus.Running : ContainerStatus.Creating).Span, skipInputValidation: true);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan;
    }
}
