using System;

namespace Anocir.Cli.CommandLine;

/// <summary>A command line that cannot be understood: the help of <see cref="Command"/> goes to standard output, the message is the error.</summary>
internal sealed class UsageException : Exception
{
    /// <summary>The error and whose help to show.</summary>
    public UsageException(CommandId command, string message)
        : base(message) => Command = command;

    /// <summary>The command that was not understood.</summary>
    public CommandId Command { get; }
}
