using System;
using Anocir.Linux;

namespace Anocir.Runtime.Errors;

/// <summary>
/// The one exception the runtime library throws for anything a user can meet. Its message is the complete line for the
/// user in the grammar of docs/errors: object, property, errno, likely fix. The command line prints it once.
/// </summary>
public sealed class ContainerException : Exception
{
    /// <summary>A failure with its complete message and the exit status of the command (1 unless the spec of the command says otherwise).</summary>
    public ContainerException(string message, int exitCode = 1)
        : base(message) => ExitCode = exitCode;

    /// <summary>Exit status for the calling command.</summary>
    public int ExitCode { get; }

    /// <summary>The error of the kernel that it tells, for callers who go on after some; None when it is about something else.</summary>
    public Errno Errno { get; init; }

    /// <summary>Whether a caller may take this for "no such container" (<c>delete --force</c> does).</summary>
    public bool IsNotFound { get; init; }

    /// <summary>Whether the container's record is there and cannot be understood (<c>delete --force</c> goes on without it).</summary>
    public bool IsDamagedRecord { get; init; }

    /// <summary>
    /// For a program that could not be executed: the bare line of runc's init, which has neither a hint nor the format of the log. null for all else.
    /// </summary>
    public string? InitLine { get; init; }

    /// <summary>
    /// <c>cannot VERB 'OBJECT': no such file or directory (ENOENT)[; hint: HINT]</c>; without a hint of the caller's that of
    /// <see cref="ErrnoHints"/>.
    /// </summary>
    public static ContainerException System(string verb, string target, Errno errno, string? hint = null, bool isDamagedRecord = false) =>
        new($"cannot {verb} '{target}': {ErrnoHints.Cause(errno, hint)}") { Errno = errno, IsDamagedRecord = isDamagedRecord };

    /// <summary><c>invalid config: PATH: RULE</c>.</summary>
    public static ContainerException Config(string jsonPath, string rule) => new($"invalid config: {jsonPath}: {rule}");
}
