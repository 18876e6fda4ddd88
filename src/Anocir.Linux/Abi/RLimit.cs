using System.Runtime.InteropServices;

namespace Anocir.Linux;

/// <summary>struct rlimit64 (sys/resource.h).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct RLimit
{
    /// <summary>Soft limit; ~0 is no limit.</summary>
    public ulong Current;

    /// <summary>Hard limit; ~0 is no limit.</summary>
    public ulong Maximum;
}
