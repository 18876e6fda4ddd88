using Anocir.Plan;

namespace Anocir.Init;

/// <summary>The SOCK_SEQPACKET sockets: one packet is one message.</summary>
internal static unsafe class Socket
{
    private const int NoSignal = 0x4000; // MSG_NOSIGNAL: a dead controller is an error number, not a SIGPIPE
    private const int CloexecFd = 0x40000000; // MSG_CMSG_CLOEXEC
    private const int SolSocket = 1;
    private const int ScmRights = 1;

    /// <summary>Sends a message and <see cref="SyncMessage.TextLength"/> bytes of text.</summary>
    public static int Send(int socket, SyncMessage* message, byte* text)
    {
        IoVec* parts = stackalloc IoVec[2];
        parts[0].iov_base = message;
        parts[0].iov_len = (nuint)sizeof(SyncMessage);
        parts[1].iov_base = text;
        parts[1].iov_len = message->TextLength;
        MsgHdr header = default;
        header.msg_iov = parts;
        header.msg_iovlen = 2;
        return Transfer(Nr.sendmsg, socket, &header, NoSignal);
    }

    /// <summary>Sends a message of a kind with nothing but a value, by write(2): a seccomp filter may already be loaded.</summary>
    public static int Send(int socket, uint kind, long value)
    {
        SyncMessage message = default;
        message.Kind = kind;
        message.Value = value;
        return (int)Sys.Write(socket, &message, sizeof(SyncMessage));
    }

    /// <summary>Sends an fd with a message of a kind.</summary>
    public static int SendFd(int socket, uint kind, int fd)
    {
        SyncMessage message = default;
        message.Kind = kind;
        FdControl control;
        IoVec part;
        MsgHdr header;
        Prepare(&header, &part, &message, &control);
        control.fd = fd;
        return Transfer(Nr.sendmsg, socket, &header, NoSignal);
    }

    /// <summary>Receives one message by read(2); -EPIPE when the peer is gone, -EPROTO for a packet of another size.</summary>
    public static int Receive(int socket, SyncMessage* message) => Received((int)Sys.Read(socket, message, sizeof(SyncMessage)));

    /// <summary>Receives a message with an fd; returns the fd, -EPIPE when the peer is gone, -EPROTO for anything else.</summary>
    public static int ReceiveFd(int socket, uint kind)
    {
        SyncMessage message = default;
        FdControl control;
        IoVec part;
        MsgHdr header;
        Prepare(&header, &part, &message, &control);
        control.fd = -1;
        int result = Received(Transfer(Nr.recvmsg, socket, &header, CloexecFd));
        if (result < 0)
        {
            return result;
        }

        bool hasFd = header.msg_controllen >= FdLength && control.cmsg_level == SolSocket && control.cmsg_type == ScmRights;
        if (!hasFd || message.Kind != kind)
        {
            if (hasFd)
            {
                Sys.Close(control.fd);
            }

            return -Errno.EPROTO;
        }

        return control.fd;
    }

    // CMSG_LEN of one int: the header and the payload without the padding.
    private static nuint FdLength => (nuint)sizeof(FdControl) - sizeof(int);

    private static void Prepare(MsgHdr* header, IoVec* part, SyncMessage* message, FdControl* control)
    {
        control->cmsg_len = FdLength;
        control->cmsg_level = SolSocket;
        control->cmsg_type = ScmRights;
        part->iov_base = message;
        part->iov_len = (nuint)sizeof(SyncMessage);
        *header = default;
        header->msg_iov = part;
        header->msg_iovlen = 1;
        header->msg_control = control;
        header->msg_controllen = (nuint)sizeof(FdControl);
    }

    private static int Transfer(int number, int socket, MsgHdr* header, int flags)
    {
        int result;
        do
        {
            result = (int)Native.Syscall(number, socket, (nint)header, flags);
        }
        while (result == -Errno.EINTR);
        return result;
    }

    private static int Received(int result) => result switch
    {
        0 or -Errno.ECONNRESET => -Errno.EPIPE,
        < 0 => result,
        _ => result == sizeof(SyncMessage) ? 0 : -Errno.EPROTO,
    };
}
