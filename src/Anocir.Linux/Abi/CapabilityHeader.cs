using System.Runtime.InteropServices;

namespace Anocir.Linux;

/// <summary>struct __user_cap_header_struct (linux/capability.h).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CapabilityHeader
{
    /// <summary>Layout of the data: _LINUX_CAPABILITY_VERSION_3 is two <see cref="CapabilityData"/>, for bits 0 to 31 and 32 to 63.</summary>
    public uint Version;

    /// <summary>Thread; 0 for the calling one.</summary>
    public int Pid;
}

/// <summary>struct __user_cap_data_struct (linux/capability.h): 32 bits of each set.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CapabilityData
{
    /// <summary>What the kernel checks.</summary>
    public uint Effective;

    /// <summary>What may become effective.</summary>
    public uint Permitted;

    /// <summary>What an exec may keep.</summary>
    public uint Inheritable;
}
