using Anocir.Linux;

namespace Anocir.Runtime.Errors;

/// <summary>
/// Messages about the user's program. Engines read them: dockerd looks for the name together with "executable file not found",
/// "no such file or directory" (exit status 127) or "permission denied" (126); the beginnings are runc's.
/// </summary>
internal static class ProgramText
{
    /// <summary>args[0] is not there, or not executable.</summary>
    public static string NotFound(string program, Errno errno)
    {
        string name = "exec: \"" + program + "\": ";
        bool path = program.Contains('/', System.StringComparison.Ordinal);
        return errno switch
        {
            Errno.ENOENT when !path => name + "executable file not found in $PATH",
            Errno.ENOENT or Errno.ENOTDIR => name + "stat " + program + ": " + ErrnoText.Text(errno),
            Errno.EACCES => name + "permission denied; hint: the file needs the x bit, the user every directory above it, and no mount of it may be noexec",
            Errno.EISDIR => name + "is a directory",
            _ => name + ErrnoText.Describe(errno),
        };
    }

    /// <summary>execve failed, in the words of runc's init.</summary>
    public static string ExecLine(string program, Errno errno) => "exec " + program + ": " + ErrnoText.Text(errno);

    /// <summary>
    /// execve failed although the file was there at create. With <paramref name="root"/>, the container's root on the host, the file itself
    /// is asked for the reason.
    /// </summary>
    public static string ExecFailed(string program, Errno errno, string? root = null)
    {
        string line = ExecLine(program, errno);
        string? cause = root is not null && program.StartsWith('/') && errno is (Errno.ENOENT or Errno.ENOEXEC or Errno.ELIBBAD) ? ProgramFile.Explain(root, program) : null;
        string? hint = cause ?? errno switch
        {
            Errno.ENOENT => "the file exists, so its interpreter or ELF loader is missing in the image (a script with CRLF line ends looks like this)",
            Errno.ENOEXEC => "not a program for this machine: wrong architecture, or a script without #!",
            Errno.EACCES => "the file system is mounted noexec, or a security module denied it",
            Errno.EPERM => "a security module or the seccomp filter denied it",
            Errno.ENOSYS => "the seccomp filter denied it: execve is newer than all calls that linux.seccomp names",
            Errno.E2BIG => "process.args and process.env are longer than the kernel allows (see execve(2))",
            Errno.EAGAIN => "RLIMIT_NPROC of the user is exhausted",
            Errno.ENOMEM => "memory limit too low for this program",
            Errno.ELIBBAD => "the ELF loader is damaged or for another architecture",
            _ => null,
        };
        return hint is null ? line : line + "; hint: " + hint;
    }
}
