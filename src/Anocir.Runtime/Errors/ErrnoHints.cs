using Anocir.Linux;

namespace Anocir.Runtime.Errors;

/// <summary>What an errno means whatever the operation: for those whose text names neither cause nor cure.</summary>
internal static class ErrnoHints
{
    /// <summary>The hint for an errno, or null.</summary>
    public static string? For(Errno errno) => errno switch
    {
        Errno.EMFILE => "ulimit -n is too low for this command",
        Errno.ENFILE => "the machine has no open file left, check sysctl fs.file-max",
        Errno.ESTALE => "the server of this network mount no longer has the file: unmount and mount it again",
        Errno.ENOTCONN => "the program behind this FUSE mount has ended: unmount and mount it again",
        Errno.EDQUOT => "the disk quota of the user is used up",
        _ => null,
    };
}
