using System.Collections.Generic;

namespace Anocir.Runtime.Spec;

/// <summary>config-linux.md, <c>linux.resources</c>; also the file of <c>update --resources</c>.</summary>
public sealed class Resources
{
    /// <summary>Device rules; they apply in order, and the last that matches decides.</summary>
    public DeviceRule[] Devices { get; set; } = [];

    /// <summary>Memory controller.</summary>
    public MemoryResources? Memory { get; set; }

    /// <summary>CPU and cpuset controllers.</summary>
    public CpuResources? Cpu { get; set; }

    /// <summary>Pids controller.</summary>
    public PidsResources? Pids { get; set; }

    /// <summary>Block I/O controller.</summary>
    public BlockIoResources? BlockIO { get; set; }

    /// <summary>Huge page limits.</summary>
    public HugepageLimit[] HugepageLimits { get; set; } = [];

    /// <summary>net_cls and net_prio controllers (v1).</summary>
    public NetworkResources? Network { get; set; }

    /// <summary>RDMA limits by device name.</summary>
    public KeyValuePair<string, RdmaResources>[] Rdma { get; set; } = [];

    /// <summary>Files of cgroup v2 and what to write in them.</summary>
    public KeyValuePair<string, string>[] Unified { get; set; } = [];
}

/// <summary>config-linux.md, "Allowed Device list".</summary>
public sealed class DeviceRule
{
    /// <summary>Whether the access is allowed; REQUIRED.</summary>
    public bool Allow { get; set; }

    /// <summary><c>a</c> (all), <c>c</c> or <c>b</c>; null means <c>a</c>.</summary>
    public string? Type { get; set; }

    /// <summary>Major number; null (or -1) means all.</summary>
    public long? Major { get; set; }

    /// <summary>Minor number; null (or -1) means all.</summary>
    public long? Minor { get; set; }

    /// <summary>Any of <c>r</c>, <c>w</c>, <c>m</c>; null means all three.</summary>
    public string? Access { get; set; }
}

/// <summary>config-linux.md, "Memory": bytes, -1 means no limit.</summary>
public sealed class MemoryResources
{
    /// <summary>Hard limit.</summary>
    public long? Limit { get; set; }

    /// <summary>Soft limit.</summary>
    public long? Reservation { get; set; }

    /// <summary>Limit of memory and swap together.</summary>
    public long? Swap { get; set; }

    /// <summary>Kernel memory (v1, not recommended).</summary>
    public long? Kernel { get; set; }

    /// <summary>Kernel TCP buffer memory (v1, not recommended).</summary>
    public long? KernelTcp { get; set; }

    /// <summary>Swappiness, 0 to 100 (v1).</summary>
    public ulong? Swappiness { get; set; }

    /// <summary>Whether the OOM killer is off (v1).</summary>
    public bool? DisableOomKiller { get; set; }

    /// <summary>Hierarchical accounting (v1).</summary>
    public bool? UseHierarchy { get; set; }

    /// <summary>Whether a limit below the current usage is refused.</summary>
    public bool? CheckBeforeUpdate { get; set; }
}

/// <summary>config-linux.md, "CPU": times in microseconds.</summary>
public sealed class CpuResources
{
    /// <summary>Relative weight, 2 to 262144 (v1 scale).</summary>
    public ulong? Shares { get; set; }

    /// <summary>CPU time in each period; negative means no limit.</summary>
    public long? Quota { get; set; }

    /// <summary>Accumulated time that may be used beyond the quota.</summary>
    public ulong? Burst { get; set; }

    /// <summary>Length of the period.</summary>
    public ulong? Period { get; set; }

    /// <summary>Real-time CPU time in each real-time period (v1).</summary>
    public long? RealtimeRuntime { get; set; }

    /// <summary>Length of the real-time period (v1).</summary>
    public ulong? RealtimePeriod { get; set; }

    /// <summary>CPUs as a list such as <c>0-3,7</c>.</summary>
    public string? Cpus { get; set; }

    /// <summary>Memory nodes as a list.</summary>
    public string? Mems { get; set; }

    /// <summary>1 for SCHED_IDLE, 0 for the default.</summary>
    public long? Idle { get; set; }
}

/// <summary>config-linux.md, "PIDs".</summary>
public sealed class PidsResources
{
    /// <summary>Number of tasks; -1 means no limit.</summary>
    public long? Limit { get; set; }
}

/// <summary>config-linux.md, "Block IO".</summary>
public sealed class BlockIoResources
{
    /// <summary>Weight, 10 to 1000.</summary>
    public ushort? Weight { get; set; }

    /// <summary>Weight of tasks against child groups (v1).</summary>
    public ushort? LeafWeight { get; set; }

    /// <summary>Weights of devices.</summary>
    public WeightDevice[] WeightDevice { get; set; } = [];

    /// <summary>Bytes read a second.</summary>
    public ThrottleDevice[] ThrottleReadBpsDevice { get; set; } = [];

    /// <summary>Bytes written a second.</summary>
    public ThrottleDevice[] ThrottleWriteBpsDevice { get; set; } = [];

    /// <summary>Reads a second.</summary>
    public ThrottleDevice[] ThrottleReadIopsDevice { get; set; } = [];

    /// <summary>Writes a second.</summary>
    public ThrottleDevice[] ThrottleWriteIopsDevice { get; set; } = [];
}

/// <summary>Weight of one block device.</summary>
public sealed class WeightDevice
{
    /// <summary>Major number; REQUIRED.</summary>
    public long Major { get; set; }

    /// <summary>Minor number; REQUIRED.</summary>
    public long Minor { get; set; }

    /// <summary>Weight, 10 to 1000.</summary>
    public ushort? Weight { get; set; }

    /// <summary>Leaf weight (v1).</summary>
    public ushort? LeafWeight { get; set; }
}

/// <summary>Limit of one block device.</summary>
public sealed class ThrottleDevice
{
    /// <summary>Major number; REQUIRED.</summary>
    public long Major { get; set; }

    /// <summary>Minor number; REQUIRED.</summary>
    public long Minor { get; set; }

    /// <summary>Bytes or operations a second; REQUIRED.</summary>
    public ulong Rate { get; set; }
}

/// <summary>config-linux.md, "Huge page limits".</summary>
public sealed class HugepageLimit
{
    /// <summary>Page size such as <c>2MB</c>; REQUIRED.</summary>
    public string PageSize { get; set; } = "";

    /// <summary>Bytes; REQUIRED.</summary>
    public ulong Limit { get; set; }
}

/// <summary>config-linux.md, "Network".</summary>
public sealed class NetworkResources
{
    /// <summary>net_cls.classid.</summary>
    public uint? ClassId { get; set; }

    /// <summary>Priorities of interfaces.</summary>
    public InterfacePriority[] Priorities { get; set; } = [];
}

/// <summary>net_prio.ifpriomap entry.</summary>
public sealed class InterfacePriority
{
    /// <summary>Interface in the runtime's network namespace; REQUIRED.</summary>
    public string Name { get; set; } = "";

    /// <summary>Priority; REQUIRED.</summary>
    public uint Priority { get; set; }
}

/// <summary>config-linux.md, "RDMA".</summary>
public sealed class RdmaResources
{
    /// <summary>Number of HCA handles.</summary>
    public uint? HcaHandles { get; set; }

    /// <summary>Number of HCA objects.</summary>
    public uint? HcaObjects { get; set; }
}
