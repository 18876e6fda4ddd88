using System.Runtime.InteropServices;

namespace Anocir.Linux;

public static partial class Sys
{
    [DllImport(Libc, EntryPoint = "geteuid")]
    private static extern uint geteuid();

    [DllImport(Libc, EntryPoint = "getegid")]
    private static extern uint getegid();

    [DllImport(Libc, EntryPoint = "capget")]
    private static extern unsafe int capget(CapabilityHeader* header, CapabilityData* data);

    [DllImport(Libc, EntryPoint = "getpid")]
    private static extern int getpid();

    /// <summary>geteuid(2).</summary>
    public static uint GetEuid() => geteuid();

    /// <summary>getegid(2).</summary>
    public static uint GetEgid() => getegid();

    /// <summary>capget(2): whether this thread has a capability (number of linux/capability.h) in its effective set.</summary>
    public static unsafe bool HasCapability(int number)
    {
        const uint Version3 = 0x20080522;
        var header = new CapabilityHeader { Version = Version3 };
        CapabilityData* data = stackalloc CapabilityData[2];
        return capget(&header, data) == 0 && (data[number / 32].Effective >> (number % 32) & 1) != 0;
    }

    /// <summary>getpid(2).</summary>
    public static int GetPid() => getpid();
}
