using System;
using System.Collections.Generic;
using Anocir.Linux;
using Anocir.Runtime.Cgroups.Limits;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Cgroups;

/// <summary>
/// Cgroups without root: what was delegated to the caller is used, the container stays in the caller's own cgroup elsewhere. That is
/// fine as long as nobody asked for a place or a limit there (as runc).
/// </summary>
public static class WritableCgroups
{
    /// <summary>The hierarchies in which the caller may make the container's cgroup and move a process there; touches nothing.</summary>
    public static CgroupPlan Select(CgroupPlan plan, CgroupProbe probe) =>
        new(plan.Mode, Array.FindAll(plan.Targets, target => IsUsable(target, probe)));

    /// <summary>
    /// What a mount of type cgroup shows: the container's own cgroups, and those of the caller where it has none.
    /// </summary>
    public static CgroupPlan Shown(CgroupPlan plan, CgroupPlan usable) =>
        new(plan.Mode, Array.ConvertAll(plan.Targets, target => IsIn(usable, target) ? target : new CgroupTarget(target.Hierarchy, target.Hierarchy.OwnPath)));

    /// <summary>Whether a plan has a target in the hierarchy of another plan's target.</summary>
    public static bool IsIn(CgroupPlan plan, CgroupTarget target) =>
        Array.Exists(plan.Targets, t => ReferenceEquals(t.Hierarchy, target.Hierarchy));

    /// <summary>Refuses limits that would have to be written in a hierarchy that is not the container's.</summary>
    /// <exception cref="ContainerException">runc's words, with the command that delegates.</exception>
    public static void RequireLimits(CgroupPlan plan, CgroupPlan usable, Resources? resources)
    {
        if (resources is null || plan.Targets.Length == usable.Targets.Length)
        {
            return;
        }

        if (plan.Mode == CgroupMode.Unified)
        {
            if (resources.Unified.Length != 0 || Asked(plan, resources).Count != 0)
            {
                throw new ContainerException(
                    "rootless needs no limits + no cgrouppath when no permission is granted for cgroups: "
                    + CgroupErrors.Create(plan.Targets[0].Directory, Errno.EACCES).Message);
            }

            return;
        }

        foreach (LimitWrite limit in Asked(plan, resources))
        {
            if (plan.Find(limit.Controller) is { } target && !IsIn(usable, target))
            {
                throw new ContainerException(
                    $"cannot set {limit.Controller} limit: container could not join or create cgroup '{target.Directory}' ({limit.Property}); hint: "
                    + "run as root, have that cgroup given to you (chown), or leave the limit out");
            }
        }
    }

    // What is unlimited anyway needs no cgroup.
    private static List<LimitWrite> Asked(CgroupPlan plan, Resources resources) =>
        ResourceLimits.Writes(resources, plan.Mode == CgroupMode.Unified, new DirectoryFacts(CgroupDirectories.From(plan)))
            .FindAll(static write => write.Value is not ("max" or "-1"));

    private static bool IsUsable(CgroupTarget target, CgroupProbe probe)
    {
        if (target.Path is "/")
        {
            return false;
        }

        string directory = target.Directory;
        bool ours;
        if (probe.Exists(directory))
        {
            ours = probe.CanWrite(directory + "/cgroup.procs");
        }
        else
        {
            do
            {
                directory = CgroupPath.Parent(directory);
            }
            while (directory.Length > target.Hierarchy.MountPoint.Length && !probe.Exists(directory));
            ours = probe.CanWrite(directory);
        }

        // v2 asks for the way there as well (cgroup-v2.rst "Delegation Containment").
        return ours && (!target.Hierarchy.IsUnified
            || probe.CanWrite(CgroupPath.Join(target.Hierarchy.MountPoint, CommonAncestor(target.Hierarchy.OwnPath, target.Path)) + "/cgroup.procs"));
    }

    private static string CommonAncestor(string a, string b)
    {
        int end = 0;
        for (int i = 0; ; i++)
        {
            bool aEnds = i >= a.Length || a[i] == '/', bEnds = i >= b.Length || b[i] == '/';
            if (aEnds && bEnds)
            {
                end = i;
            }

            if (i >= a.Length || i >= b.Length || a[i] != b[i])
            {
                return end == 0 ? "/" : a[..end];
            }
        }
    }
}
