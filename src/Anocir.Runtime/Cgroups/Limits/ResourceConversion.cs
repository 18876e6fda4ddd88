using System;
using Anocir.Runtime.Errors;

namespace Anocir.Runtime.Cgroups.Limits;

/// <summary>
/// From the values of config.json, which are those of cgroup v1, to those of cgroup v2 and of systemd's unit properties. Functions of
/// their arguments alone; 0 is "not set" throughout, as in runc.
/// </summary>
public static class ResourceConversion
{
    /// <summary>The value that stands for <c>max</c> and <c>infinity</c>.</summary>
    public const long Unlimited = -1;

    /// <summary>Smallest and greatest cpu.shares of the kernel (MIN_SHARES, MAX_SHARES).</summary>
    public const ulong MinShares = 2;

    /// <inheritdoc cref="MinShares"/>
    public const ulong MaxShares = 262144;

    /// <summary>
    /// cpu.weight (1 to 10000) for linux.resources.cpu.shares, by the curve of runc 1.3.2 and later: through 2 → 1, 1024 → 100,
    /// 262144 → 10000. 0 stays 0.
    /// </summary>
    public static ulong CpuWeight(ulong shares)
    {
        if (shares == 0)
        {
            return 0;
        }

        if (shares <= MinShares)
        {
            return 1;
        }

        if (shares >= MaxShares)
        {
            return 10_000;
        }

        double log = Math.Log2(shares);
        return (ulong)Math.Ceiling(Math.Pow(10, ((log * log) + (125 * log)) / 612.0 - (7.0 / 34.0)));
    }

    /// <summary>io.weight (1 to 10000) for linux.resources.blockIO.weight (10 to 1000), linear. 0 stays 0.</summary>
    public static ulong IoWeight(ushort weight) => weight == 0 ? 0 : 1 + ((Math.Max(weight, (ushort)10) - 10UL) * 9999 / 990);

    /// <summary>
    /// The swap limit of cgroup v2, which does not include memory as linux.resources.memory.swap does; null leaves it alone,
    /// <see cref="Unlimited"/> is none.
    /// </summary>
    /// <param name="memory">linux.resources.memory.limit; 0 not set, -1 none.</param>
    /// <param name="swap">linux.resources.memory.swap; 0 not set, -1 none.</param>
    /// <exception cref="ContainerException">Swap cannot be told without a memory limit, or is below it.</exception>
    public static long? Swap(long memory, long swap)
    {
        if (swap is 0 or Unlimited)
        {
            // No limit of memory means none of both, as v1 takes it.
            return swap == Unlimited || memory == Unlimited ? Unlimited : null;
        }

        _ = UnlimitedOr(swap, "linux.resources.memory.swap");
        return UnlimitedOr(memory, "linux.resources.memory.limit") switch
        {
            Unlimited => swap,
            0 => throw ContainerException.Config("linux.resources.memory.swap", "unable to set swap limit without memory limit"),
            _ when swap < memory => throw ContainerException.Config(
                "linux.resources.memory.swap", $"memory+swap limit should be >= memory limit, got {swap} with a limit of {memory}"),
            _ => swap - memory,
        };
    }

    /// <summary>The amount of memory itself. Only -1 stands for no limit: the kernel refuses other negative numbers, on v1 by itself.</summary>
    /// <exception cref="ContainerException">The amount is below -1.</exception>
    public static long UnlimitedOr(long amount, string property) => amount >= Unlimited
        ? amount
        : throw ContainerException.Config(property, $"must be -1 (no limit) or more, got {amount}");

    /// <summary>
    /// pids.max: a negative limit is none (<see cref="Unlimited"/>), and 0 becomes 1 as in runc 1.4, because systemd's TasksMax cannot be
    /// 0 and both drivers shall do the same; a container has a process anyway.
    /// </summary>
    public static long Pids(long limit) => limit < 0 ? Unlimited : Math.Max(limit, 1);
}
