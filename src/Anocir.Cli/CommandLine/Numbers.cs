using System.Globalization;

namespace Anocir.Cli.CommandLine;

/// <summary>Numbers on the command line.</summary>
internal static class Numbers
{
    /// <summary>A whole decimal number from 0 on, the whole string of it, ASCII digits only.</summary>
    public static bool TryParse(string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
