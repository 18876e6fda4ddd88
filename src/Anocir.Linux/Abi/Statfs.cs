using System.Runtime.InteropServices;

namespace Anocir.Linux;

/// <summary>struct statfs (sys/statfs.h), of which only the beginning is read.</summary>
[StructLayout(LayoutKind.Sequential, Size = 120)]
public struct Statfs
{
    /// <summary>Magic number of the file system (linux/magic.h).</summary>
    public nint Type;
}
