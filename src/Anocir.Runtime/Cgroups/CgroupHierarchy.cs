using System;

namespace Anocir.Runtime.Cgroups;

/// <summary>One mounted cgroup hierarchy of the host.</summary>
public sealed class CgroupHierarchy
{
    /// <summary>Describes a hierarchy; <paramref name="mountPoint"/> has no trailing slash.</summary>
    public CgroupHierarchy(string controllers, string mountPoint, string ownPath)
    {
        Controllers = controllers;
        MountPoint = mountPoint;
        OwnPath = ownPath;
    }

    /// <summary>
    /// The second field of /proc/self/cgroup: <c>memory</c>, <c>cpu,cpuacct</c>, <c>name=systemd</c>; empty for cgroup v2.
    /// </summary>
    public string Controllers { get; }

    /// <summary>Where it is mounted: <c>/sys/fs/cgroup/cpu,cpuacct</c>.</summary>
    public string MountPoint { get; }

    /// <summary>The caller's own cgroup below <see cref="MountPoint"/>, cleaned and starting with a slash.</summary>
    public string OwnPath { get; }

    /// <summary>Whether this is the cgroup v2 hierarchy.</summary>
    public bool IsUnified => Controllers.Length == 0;

    /// <summary>Whether this v1 hierarchy carries the controller of this name.</summary>
    public bool Has(string controller)
    {
        foreach (Range range in Controllers.AsSpan().Split(','))
        {
            if (Controllers.AsSpan(range).SequenceEqual(controller))
            {
                return true;
            }
        }

        return false;
    }
}
