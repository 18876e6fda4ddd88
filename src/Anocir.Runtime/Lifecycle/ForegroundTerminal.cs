using System;
using System.Runtime.InteropServices;
using Anocir.Linux;

namespace Anocir.Runtime.Lifecycle;

/// <summary>The terminal that a foreground run was started on: raw while the container's own terminal does the editing.</summary>
internal static class ForegroundTerminal
{
    /// <summary>
    /// Prepares the container's terminal before its program runs: the size of the caller's, and no CR in front of LF, as runc does
    /// (where output goes to a file or a pipe it is what the program wrote).
    /// </summary>
    public static void Prepare(int master)
    {
        if (!Sys.TerminalAttributes(master, out Termios attributes).IsError)
        {
            _ = Sys.SetTerminalAttributes(master, attributes.WithoutCarriageReturns());
        }

        for (int fd = 0; fd <= 2; fd++)
        {
            if (!Sys.CopyWindowSize(fd, master).IsError)
            {
                return;
            }
        }
    }

    /// <summary>Makes standard input raw; returns what to restore, or null when it is no terminal.</summary>
    public static Termios? MakeRaw()
    {
        if (Sys.TerminalAttributes(0, out Termios attributes).IsError)
        {
            return null;
        }

        return Sys.SetTerminalAttributes(0, attributes.Raw()).IsError ? null : attributes;
    }

    /// <summary>Attributes as text for a command line; empty for null.</summary>
    public static string Format(Termios? attributes) => attributes is { } saved
        ? Convert.ToHexString(MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref saved, 1)))
        : "";

    /// <summary>The reverse of <see cref="Format"/>.</summary>
    public static Termios? Parse(string text) => text.Length == 0 ? null : MemoryMarshal.Read<Termios>(Convert.FromHexString(text));

    /// <summary>Gives the attributes back.</summary>
    public static void Restore(Termios? attributes)
    {
        if (attributes is { } saved)
        {
            _ = Sys.SetTerminalAttributes(0, saved);
        }
    }
}
