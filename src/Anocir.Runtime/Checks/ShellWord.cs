using System;

namespace Anocir.Runtime.Checks;

/// <summary>Words for commands that people copy into a shell.</summary>
internal static class ShellWord
{
    /// <summary>The text as one word of the POSIX shell, in single quotes, whatever is in it.</summary>
    public static string Quote(string text) => "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
