using Anocir.Linux;

namespace Anocir.Runtime.Errors;

/// <summary>What an errno means whatever the operation: for those whose text names neither cause nor cure.</summary>
internal static class ErrnoHints
{
    /// <summary>The end of a message: <c>no such file or directory (ENOENT)[; hint: HINT]</c>, without a hint of the caller's that of the errno.</summary>
    public static string Cause(Errno errno, string? hint = null) =>
        ErrnoText.Describe(errno) + ((hint ?? For(errno)) is { } text ? "; hint: " + text : "");

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
