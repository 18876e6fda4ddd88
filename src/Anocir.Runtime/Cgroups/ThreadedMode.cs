using System;
using System.Text;
using Anocir.Linux;
using Anocir.Runtime.Cgroups.Limits;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Cgroups;

/// <summary>
/// Threaded mode of cgroup v2 (cgroup-v2.rst, "Threads"): below a cgroup that holds processes and hands controllers on, cgroups are "domain
/// invalid" and cannot be entered until they are threaded. Those have only the controllers that can count single threads.
/// </summary>
internal static class ThreadedMode
{
    /// <summary>
    /// Makes an invalid cgroup threaded. Its parent must be that already, so this goes from the top downwards, controllers of the parent first.
    /// That the kernel refuses it is no error here: entering will be, with the reason.
    /// </summary>
    /// <param name="directory">The cgroup or one above it.</param>
    /// <param name="target">The cgroup that is to be entered.</param>
    /// <param name="resources">Its limits.</param>
    /// <exception cref="ContainerException">The limits need a controller that threaded cgroups do not have (with runc's words).</exception>
    public static void Settle(string directory, CgroupTarget target, Resources? resources)
    {
        Span<byte> content = stackalloc byte[32];
        SysResult read = CgroupFile.Read(directory + "/cgroup.type", content);
        if (read.IsError || content[..read.Int].StartsWith("domain\n"u8))
        {
            return;
        }

        // A "domain threaded" cgroup can be entered and has all controllers; only those below have not.
        ReadOnlySpan<byte> type = content[..read.Int].TrimEnd((byte)'\n');
        if (type.SequenceEqual("domain threaded"u8) && directory == target.Directory)
        {
            return;
        }

        bool isInvalid = type.SequenceEqual("domain invalid"u8);
        if (resources is not null && DomainLimit(target, resources) is { } property)
        {
            throw new ContainerException($"cannot enter cgroupv2 \"{directory}\" with domain controllers -- it is in "
                + (isInvalid ? "an invalid state" : Encoding.ASCII.GetString(type) + " mode")
                + $", which excludes {property}; hint: a cgroup above the container's holds processes: move them into a child of it, or leave that limit out");
        }

        if (isInvalid)
        {
            _ = CgroupFile.Write(directory + "/cgroup.type", "threaded"u8);
        }
    }

    /// <summary>Whether a list of controllers has one that threaded cgroups have not.</summary>
    public static bool HasDomainController(ReadOnlySpan<byte> list)
    {
        foreach (Range range in list.Split((byte)' '))
        {
            if (!list[range].IsEmpty && !IsThreaded(Encoding.ASCII.GetString(list[range])))
            {
                return true;
            }
        }

        return false;
    }

    // runc counts cpu among the others, though the kernel has it in threaded cgroups since 4.14.
    private static bool IsThreaded(string controller) => controller is "cpu" or "cpuset" or "perf_event" or "pids";

    /// <summary>The first property that needs a controller which threaded cgroups have not.</summary>
    private static string? DomainLimit(CgroupTarget target, Resources resources)
    {
        var directories = CgroupDirectories.From(new CgroupPlan(CgroupMode.Unified, [target]));
        foreach (LimitWrite write in ResourceLimits.Writes(resources, isUnified: true, new DirectoryFacts(directories)))
        {
            if (!IsThreaded(write.Controller) && write.Controller != "cgroup" && (write.Tolerance & LimitTolerance.MayBeMissing) == 0)
            {
                return write.Property;
            }
        }

        return null;
    }
}
