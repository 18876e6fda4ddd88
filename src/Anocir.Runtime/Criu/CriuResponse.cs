using System.Text;

namespace Anocir.Runtime.Criu;

/// <summary>An answer or a notification of CRIU (message criu_resp of images/rpc.proto).</summary>
internal sealed class CriuResponse
{
    /// <summary>What it answers, or <see cref="CriuRequestType.Notify"/>.</summary>
    public CriuRequestType Type { get; private set; }

    /// <summary>Whether the request was fulfilled.</summary>
    public bool Success { get; private set; }

    /// <summary>What happened, such as <c>post-restore</c>; empty in an answer.</summary>
    public string Script { get; private set; } = "";

    /// <summary>The PID of the restored init, in an answer to a restore and in notifications on the way there; else 0.</summary>
    public int Pid { get; private set; }

    /// <summary>errno of a failure, 0 when there is none.</summary>
    public int Errno { get; private set; }

    /// <summary>Whether the kernel tells which pages were written (an answer to a feature check).</summary>
    public bool TracksMemory { get; private set; }

    /// <summary>Whether pages can be brought later (userfaultfd(2)).</summary>
    public bool HasLazyPages { get; private set; }

    /// <summary>The version as one number: 4.2.1 is 40201, a build from git the next one.</summary>
    public int Version { get; private set; }

    /// <summary>Reads a message; null when it is none.</summary>
    public static CriuResponse? Read(System.ReadOnlySpan<byte> message)
    {
        const uint TypeField = 1, SuccessField = 2, RestoreField = 4, NotifyField = 5, ErrnoField = 7, FeaturesField = 8, VersionField = 10;
        var response = new CriuResponse();
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case TypeField:
                    response.Type = (CriuRequestType)reader.Number;
                    break;
                case SuccessField:
                    response.Success = reader.Number != 0;
                    break;
                case RestoreField:
                    response.ReadRestore(new ProtobufReader(reader.Bytes));
                    break;
                case NotifyField:
                    response.ReadNotify(new ProtobufReader(reader.Bytes));
                    break;
                case ErrnoField:
                    response.Errno = (int)reader.Number;
                    break;
                case FeaturesField:
                    response.ReadFeatures(new ProtobufReader(reader.Bytes));
                    break;
                case VersionField:
                    response.ReadVersion(new ProtobufReader(reader.Bytes));
                    break;
            }
        }

        return reader.IsDamaged ? null : response;
    }

    private void ReadRestore(ProtobufReader reader)
    {
        while (reader.Next())
        {
            Pid = reader.Field == 1 ? (int)reader.Number : Pid;
        }
    }

    private void ReadNotify(ProtobufReader reader)
    {
        while (reader.Next())
        {
            Script = reader.Field == 1 ? Encoding.UTF8.GetString(reader.Bytes) : Script;
            Pid = reader.Field == 2 ? (int)reader.Number : Pid;
        }
    }

    private void ReadFeatures(ProtobufReader reader)
    {
        while (reader.Next())
        {
            TracksMemory |= reader.Field == 1 && reader.Number != 0;
            HasLazyPages |= reader.Field == 2 && reader.Number != 0;
        }
    }

    private void ReadVersion(ProtobufReader reader)
    {
        const uint Major = 1, Minor = 2, GitId = 3, SubLevel = 4;
        bool isGit = false;
        while (reader.Next())
        {
            Version += (int)reader.Number * reader.Field switch { Major => 10_000, Minor => 100, SubLevel => 1, _ => 0 };
            isGit |= reader.Field == GitId;
        }

        // As runc and go-criu count it: what comes from git after 4.2 is 4.3 already.
        Version = isGit ? (Version - (Version % 100)) + 100 : Version;
    }
}
