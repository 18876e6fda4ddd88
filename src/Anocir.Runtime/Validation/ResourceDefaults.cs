using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Validation;

/// <summary>
/// Which limits change nothing in a new cgroup. Engines write zeros for "not set" (runc skips them), and -1 is what an
/// unlimited file holds already.
/// </summary>
internal static class ResourceDefaults
{
    // useHierarchy is always on since Linux 5.11; checkBeforeUpdate only matters when a limit is set.
    public static bool IsNoOp(MemoryResources memory) =>
        memory.Limit is null or 0 or -1
        && memory.Reservation is null or 0
        && memory.Swap is null or 0 or -1
        && memory.Kernel is null or 0 or -1
        && memory.KernelTcp is null or 0 or -1
        && memory.Swappiness is null
        && memory.DisableOomKiller is null or false;

    public static bool IsNoOp(CpuResources cpu) =>
        cpu.Shares is null or 0
        && cpu.Quota is null or 0 or -1
        && cpu.Burst is null or 0
        && cpu.Period is null or 0
        && cpu.RealtimeRuntime is null or 0
        && cpu.RealtimePeriod is null or 0
        && cpu.Cpus is null
        && cpu.Mems is null
        && cpu.Idle is null or 0;

    public static bool IsNoOp(BlockIoResources block) =>
        block.Weight is null or 0
        && block.LeafWeight is null or 0
        && block.WeightDevice.Length == 0
        && block.ThrottleReadBpsDevice.Length == 0
        && block.ThrottleWriteBpsDevice.Length == 0
        && block.ThrottleReadIopsDevice.Length == 0
        && block.ThrottleWriteIopsDevice.Length == 0;

    public static bool IsNoOp(NetworkResources network) => network.ClassId is null or 0 && network.Priorities.Length == 0;
}
