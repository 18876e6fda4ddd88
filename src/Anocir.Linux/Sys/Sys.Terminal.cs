using System.Runtime.InteropServices;

namespace Anocir.Linux;

public static partial class Sys
{
    [DllImport(Libc, EntryPoint = "isatty")]
    private static extern int isatty(int fd);

    /// <summary>Whether the descriptor is a terminal (isatty(3)).</summary>
    public static bool IsTerminal(int fd) => isatty(fd) == 1;
}
