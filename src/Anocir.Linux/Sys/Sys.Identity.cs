using System.Runtime.InteropServices;

namespace Anocir.Linux;

public static partial class Sys
{
    [DllImport(Libc, EntryPoint = "geteuid")]
    private static extern uint geteuid();

    [DllImport(Libc, EntryPoint = "getegid")]
    private static extern uint getegid();

    [DllImport(Libc, EntryPoint = "getpid")]
    private static extern int getpid();

    /// <summary>geteuid(2).</summary>
    public static uint GetEuid() => geteuid();

    /// <summary>getegid(2).</summary>
    public static uint GetEgid() => getegid();

    /// <summary>getpid(2).</summary>
    public static int GetPid() => getpid();
}
