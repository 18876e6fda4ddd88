using Anocir.Linux;

namespace Anocir.Runtime.Lifecycle;

/// <summary>The terminal that a foreground run was started on: raw while the container's own terminal does the editing.</summary>
internal static class ForegroundTerminal
{
    /// <summary>Makes standard input raw; returns what to restore, or null when it is no terminal.</summary>
    public static Termios? MakeRaw()
    {
        if (Sys.TerminalAttributes(0, out Termios attributes).IsError)
        {
            return null;
        }

        return Sys.SetTerminalAttributes(0, attributes.Raw()).IsError ? null : attributes;
    }

    /// <summary>Gives the attributes back.</summary>
    public static void Restore(Termios? attributes)
    {
        if (attributes is { } saved)
        {
            _ = Sys.SetTerminalAttributes(0, saved);
        }
    }
}
