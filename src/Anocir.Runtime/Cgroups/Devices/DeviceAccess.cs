using System;

namespace Anocir.Runtime.Cgroups.Devices;

/// <summary>What is done with a device; the values are the kernel's BPF_DEVCG_ACC_*.</summary>
[Flags]
public enum DeviceAccess
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>mknod(2), <c>m</c>.</summary>
    Make = 1,

    /// <summary>Open for reading, <c>r</c>.</summary>
    Read = 2,

    /// <summary>Open for writing, <c>w</c>.</summary>
    Write = 4,

    /// <summary>All three.</summary>
    All = 7,
}
