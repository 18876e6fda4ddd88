using System;
using System.Collections.Generic;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Cgroups;

/// <summary>The directories of one container's cgroup, found by the controller they carry.</summary>
public sealed class CgroupDirectories
{
    private readonly string[] _controllers;

    private CgroupDirectories(bool isUnified, string[] controllers, string[] paths)
    {
        IsUnified = isUnified;
        _controllers = controllers;
        Paths = paths;
    }

    /// <summary>Whether the host has only cgroup v2; a hybrid host is used through its v1 hierarchies.</summary>
    public bool IsUnified { get; }

    /// <summary>Absolute directories: one on v2, one per hierarchy on v1.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>The directories of a plan.</summary>
    public static CgroupDirectories From(CgroupPlan plan) =>
        new(plan.Mode == CgroupMode.Unified, plan.Controllers(), plan.Directories());

    /// <summary>The directories of a container that exists.</summary>
    public static CgroupDirectories From(CgroupRecord record) => new(record.Version == 2, [.. record.Controllers], [.. record.Paths]);

    /// <summary>
    /// The directory for a controller: on v2 always the one there is, whether it has the controller or not; on v1 null when no hierarchy
    /// carries it.
    /// </summary>
    /// <param name="controller">The v1 name, such as <c>memory</c> or <c>blkio</c>.</param>
    public string? Find(string controller)
    {
        if (IsUnified)
        {
            return Paths.Count == 0 ? null : Paths[0];
        }

        for (int i = 0; i < _controllers.Length && i < Paths.Count; i++)
        {
            foreach (Range range in _controllers[i].AsSpan().Split(','))
            {
                if (_controllers[i].AsSpan(range).SequenceEqual(controller))
                {
                    return Paths[i];
                }
            }
        }

        return null;
    }
}
