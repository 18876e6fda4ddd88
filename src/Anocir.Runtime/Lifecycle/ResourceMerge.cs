using System;
using System.Collections.Generic;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Lifecycle;

/// <summary>
/// What an update means beside the limits that hold already. Functions of their arguments. As runc's: values that are not given stay;
/// device rules, hugepageLimits, rdma and network are not changed by an update.
/// </summary>
public static class ResourceMerge
{
    /// <summary>The limits that hold after an update.</summary>
    public static Resources Effective(Resources stored, Resources update) => new()
    {
        Devices = stored.Devices,
        Memory = Memory(stored.Memory, update.Memory),
        Cpu = Cpu(stored.Cpu, update.Cpu),
        Pids = update.Pids?.Limit is null ? stored.Pids : update.Pids,
        BlockIO = BlockIo(stored.BlockIO, update.BlockIO),
        HugepageLimits = stored.HugepageLimits,
        Network = stored.Network,
        Rdma = stored.Rdma,
        Unified = Unified(stored.Unified, update.Unified),
    };

    /// <summary>
    /// What an update has to write: the given values, completed by the stored ones that the kernel's files or its checks tie to them
    /// (swap to memory, period and burst to quota).
    /// </summary>
    public static Resources Changed(Resources stored, Resources update)
    {
        Resources effective = Effective(stored, update);
        MemoryResources? memory = update.Memory;
        CpuResources? cpu = update.Cpu;
        bool sizes = memory?.Limit is not (null or 0) || memory?.Swap is not (null or 0);
        bool bandwidth = cpu?.Quota is not (null or 0) || cpu?.Period is not (null or 0) || cpu?.Burst is not null;
        return new Resources
        {
            Memory = memory is null ? null : new MemoryResources
            {
                Limit = sizes ? effective.Memory!.Limit : null,
                Swap = sizes ? effective.Memory!.Swap : null,
                Reservation = memory.Reservation,
                Swappiness = memory.Swappiness,
                DisableOomKiller = memory.DisableOomKiller,
                CheckBeforeUpdate = memory.CheckBeforeUpdate,
            },
            Cpu = cpu is null ? null : new CpuResources
            {
                Shares = cpu.Shares,
                Quota = bandwidth ? effective.Cpu!.Quota : null,
                Period = bandwidth ? effective.Cpu!.Period : null,
                Burst = cpu.Burst,
                RealtimePeriod = cpu.RealtimePeriod,
                RealtimeRuntime = cpu.RealtimeRuntime,
                Cpus = cpu.Cpus,
                Mems = cpu.Mems,
                Idle = cpu.Idle,
            },
            Pids = update.Pids,
            BlockIO = update.BlockIO,
            Unified = update.Unified,
        };
    }

    // A limit of -1 alone takes the one of swap away too.
    private static MemoryResources? Memory(MemoryResources? stored, MemoryResources? update) => update is null ? stored : new MemoryResources
    {
        Limit = NotZero(update.Limit) ?? stored?.Limit,
        Swap = NotZero(update.Swap) ?? (update.Limit == -1 ? null : stored?.Swap),
        Reservation = NotZero(update.Reservation) ?? stored?.Reservation,
        Kernel = stored?.Kernel,
        KernelTcp = stored?.KernelTcp,
        Swappiness = update.Swappiness ?? stored?.Swappiness,
        DisableOomKiller = update.DisableOomKiller ?? stored?.DisableOomKiller,
        UseHierarchy = stored?.UseHierarchy,
        CheckBeforeUpdate = update.CheckBeforeUpdate ?? stored?.CheckBeforeUpdate,
    };

    // A cgroup with cpu.idle has no weight: shares that were stored would be refused from then on.
    private static CpuResources? Cpu(CpuResources? stored, CpuResources? update) => update is null ? stored : new CpuResources
    {
        Shares = NotZero(update.Shares) ?? (update.Idle is null ? stored?.Shares : null),
        Quota = NotZero(update.Quota) ?? stored?.Quota,
        Period = NotZero(update.Period) ?? stored?.Period,
        Burst = update.Burst ?? stored?.Burst,
        RealtimePeriod = NotZero(update.RealtimePeriod) ?? stored?.RealtimePeriod,
        RealtimeRuntime = NotZero(update.RealtimeRuntime) ?? stored?.RealtimeRuntime,
        Cpus = update.Cpus ?? stored?.Cpus,
        Mems = update.Mems ?? stored?.Mems,
        Idle = update.Idle ?? stored?.Idle,
    };

    private static BlockIoResources? BlockIo(BlockIoResources? stored, BlockIoResources? update) =>
        update is null ? stored : stored is null ? update : new BlockIoResources
        {
            Weight = update.Weight is null or 0 ? stored.Weight : update.Weight,
            LeafWeight = update.LeafWeight is null or 0 ? stored.LeafWeight : update.LeafWeight,
            WeightDevice = Merge(stored.WeightDevice, update.WeightDevice, static (a, b) => a.Major == b.Major && a.Minor == b.Minor, Merge),
            ThrottleReadBpsDevice = Throttle(stored.ThrottleReadBpsDevice, update.ThrottleReadBpsDevice),
            ThrottleWriteBpsDevice = Throttle(stored.ThrottleWriteBpsDevice, update.ThrottleWriteBpsDevice),
            ThrottleReadIopsDevice = Throttle(stored.ThrottleReadIopsDevice, update.ThrottleReadIopsDevice),
            ThrottleWriteIopsDevice = Throttle(stored.ThrottleWriteIopsDevice, update.ThrottleWriteIopsDevice),
        };

    private static ThrottleDevice[] Throttle(ThrottleDevice[] stored, ThrottleDevice[] update) =>
        Merge(stored, update, static (a, b) => a.Major == b.Major && a.Minor == b.Minor, static (_, b) => b);

    private static WeightDevice Merge(WeightDevice stored, WeightDevice update) => new()
    {
        Major = update.Major,
        Minor = update.Minor,
        Weight = update.Weight ?? stored.Weight,
        LeafWeight = update.LeafWeight ?? stored.LeafWeight,
    };

    private static KeyValuePair<string, string>[] Unified(KeyValuePair<string, string>[] stored, KeyValuePair<string, string>[] update) =>
        Merge(stored, update, static (a, b) => a.Key == b.Key, static (_, b) => b);

    // Of duplicates the last one holds, so that is the one to replace.
    private static T[] Merge<T>(T[] stored, T[] update, Func<T, T, bool> isSame, Func<T, T, T> merge)
    {
        var items = new List<T>(stored);
        foreach (T item in update)
        {
            int at = items.FindLastIndex(other => isSame(other, item));
            if (at < 0)
            {
                items.Add(item);
            }
            else
            {
                items[at] = merge(items[at], item);
            }
        }

        return [.. items];
    }

    private static long? NotZero(long? value) => value is 0 ? null : value;

    private static ulong? NotZero(ulong? value) => value is 0 ? null : value;
}
