using System;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Cgroups;

/// <summary>
/// The annotations of crun that name a cgroup below another: <c>run.oci.systemd.subgroup</c> below the systemd scope, for the container and its
/// limits; <c>run.oci.delegate-cgroup</c> below the container's own, for its root to manage.
/// </summary>
internal static class SubCgroupName
{
    /// <summary>Whether a value leads below: some name in it, and no <c>..</c>.</summary>
    public static bool IsValid(string value) => !value.Contains('\0', StringComparison.Ordinal)
        && Array.IndexOf(value.Split('/'), "..") < 0 && CgroupPath.Clean("/" + value) is not "/";

    /// <summary>The path below, beginning with a slash; null when the annotation is absent or empty.</summary>
    /// <param name="config">The config, checked.</param>
    /// <param name="annotation">Name of the annotation.</param>
    /// <param name="mode">How the host's hierarchies are arranged.</param>
    /// <exception cref="ContainerException">The host has cgroup v1: giving a part of its hierarchies away is not safe there (crun's rule).</exception>
    public static string? Find(RuntimeConfig config, string annotation, CgroupMode mode)
    {
        if (AnnotationNames.Find(config, annotation) is not { Length: > 0 } value)
        {
            return null;
        }

        return mode == CgroupMode.Unified
            ? CgroupPath.Clean("/" + value)
            : throw ContainerException.Config($"annotations[\"{annotation}\"]", "needs cgroup v2; hint: boot with systemd.unified_cgroup_hierarchy=1, or leave it out");
    }
}
