using System.Collections.Generic;
using System.Globalization;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Cgroups.Limits;

/// <summary>
/// What linux.resources (without devices) comes to: writes in the order in which the kernel accepts them. A function of its arguments;
/// the writing is <see cref="LimitWriter"/>'s. Values that engines write for "not set" (0, an empty text) give nothing.
/// </summary>
public static class ResourceLimits
{
    /// <summary>The writes for a container's cgroup.</summary>
    /// <exception cref="Errors.ContainerException">A value makes no sense, or only in the other version of cgroups.</exception>
    public static List<LimitWrite> Writes(Resources resources, bool isUnified, CgroupFacts facts)
    {
        var writes = new List<LimitWrite>();
        if (isUnified)
        {
            LimitsV2.Add(writes, resources, facts);
        }
        else
        {
            LimitsV1.Add(writes, resources, facts);
        }

        return writes;
    }

    /// <summary>Adds the writes that are the same in both versions.</summary>
    internal static void AddPids(List<LimitWrite> writes, PidsResources? pids)
    {
        if (pids?.Limit is { } limit)
        {
            writes.Add(new LimitWrite("pids", "pids.max", MaxOr(ResourceConversion.Pids(limit)), "linux.resources.pids.limit"));
        }
    }

    /// <inheritdoc cref="AddPids"/>
    internal static void AddRdma(List<LimitWrite> writes, KeyValuePair<string, RdmaResources>[] rdma)
    {
        foreach ((string device, RdmaResources limits) in rdma)
        {
            string value = device
                + (limits.HcaHandles is { } handles ? " hca_handle=" + Text(handles) : "")
                + (limits.HcaObjects is { } objects ? " hca_object=" + Text(objects) : "");
            writes.Add(new LimitWrite("rdma", "rdma.max", value, $"linux.resources.rdma.{device}"));
        }
    }

    /// <summary>Adds a limit of each page size and, where the kernel has it, the same of reservations.</summary>
    internal static void AddHugepages(List<LimitWrite> writes, HugepageLimit[] limits, string suffix)
    {
        for (int i = 0; i < limits.Length; i++)
        {
            string property = $"linux.resources.hugepageLimits[{Text(i)}]";
            string value = Text(limits[i].Limit);
            string file = "hugetlb." + limits[i].PageSize;
            writes.Add(new LimitWrite("hugetlb", file + suffix, value, property));
            writes.Add(new LimitWrite("hugetlb", file + ".rsvd" + suffix, value, property, LimitTolerance.MayBeMissing));
        }
    }

    /// <summary>A number as the kernel reads it.</summary>
    internal static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc cref="Text(long)"/>
    internal static string Text(ulong value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A number, or <c>max</c> for a negative one.</summary>
    internal static string MaxOr(long value) => value < 0 ? "max" : Text(value);
}
