using System;
using Anocir.Linux;
using Anocir.Runtime.Errors;

namespace Anocir.Runtime.Lifecycle;

/// <summary>Sends a descriptor to a unix socket that the caller named, by an option (--console-socket, --pidfd-socket) or an annotation.</summary>
internal static class DescriptorSocket
{
    /// <summary>Connects; the option is named in errors.</summary>
    public static Fd Connect(string path, string option)
    {
        SysResult connected = Sys.ConnectUnix(path);
        if (connected.IsError)
        {
            string hint = connected.Errno switch
            {
                Errno.ENAMETOOLONG => "; hint: socket paths have at most 107 bytes",
                Errno.ENOENT or Errno.ECONNREFUSED => "; hint: nobody listens there",
                Errno.EAGAIN => "; hint: whoever listens there does not accept",
                _ => "",
            };
            throw new ContainerException($"cannot connect to '{path}' ({Named(option)}): {ErrnoText.Describe(connected.Errno)}{hint}");
        }

        return new Fd(connected.Int);
    }

    /// <summary>Sends one message with the descriptor.</summary>
    public static void SendOn(Fd socket, string option, int fd, ReadOnlySpan<byte> data)
    {
        SysResult sent = Sys.Send(socket.Number, data, fd);
        if (sent.IsError)
        {
            throw new ContainerException($"cannot send the descriptor ({Named(option)}): {ErrnoHints.Cause(sent.Errno)}");
        }
    }

    /// <summary>Connects, sends, closes.</summary>
    public static void Send(string path, string option, int fd, ReadOnlySpan<byte> data)
    {
        using Fd socket = Connect(path, option);
        SendOn(socket, option, fd, data);
    }

    private static string Named(string name) => (name.StartsWith('-') ? "option " : "annotation ") + name;
}
