using System;
using System.IO;

namespace Anocir.Cli.CommandLine;

/// <summary>
/// The name that help, usage and --version speak of. A drop-in is installed as <c>runc</c>; what scripts then look for is that word, and the line of
/// runc's init when a program cannot be executed (<see cref="Output.ErrorRenderer"/>). Nothing else depends on how the program was called.
/// </summary>
internal static class ProgramName
{
    /// <summary>The program's own name.</summary>
    public const string Own = "anocir";

    private const string StandIn = "runc";

    /// <summary>Whether it was called as runc.</summary>
    public static bool IsStandIn => Current == StandIn;

    /// <summary>The name of this call.</summary>
    public static string Current { get; } = Of(Environment.GetCommandLineArgs());

    /// <summary>The name for a command line with its argv[0]: <c>runc</c> when that is the last part of its path.</summary>
    internal static string Of(string[] commandLine) =>
        commandLine.Length > 0 && Path.GetFileName(commandLine[0].AsSpan()).SequenceEqual(StandIn) ? StandIn : Own;
}
