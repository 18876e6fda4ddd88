using Anocir.Runtime.Cgroups;
using Anocir.Runtime.Errors;

namespace Anocir.Runtime.Checks;

/// <summary>Where containers' cgroups would be made, and which limits can be set there.</summary>
public sealed class CgroupChecks
{
    private const string UserDelegation =
        "systemctl edit user@.service, there [Service] and Delegate=cpu cpuset io memory pids, then log in again";

    private static readonly string[] s_wanted = ["cpu", "cpuset", "io", "memory", "pids"];

    private readonly HostFiles _host;
    private readonly CgroupLayout? _layout;
    private readonly bool _isRoot;

    /// <summary>Looks for the hierarchies; that there are none is a finding.</summary>
    public CgroupChecks(CheckReport report, HostFiles host, bool isRoot, CgroupProbe? probe = null)
    {
        _host = host;
        _isRoot = isRoot;
        try
        {
            _layout = CgroupLayout.Detect(probe: probe);
        }
        catch (ContainerException e)
        {
            report.Fail("cgroups", e.Message.Split("; hint: ")[0], "mount -t cgroup2 cgroup2 /sys/fs/cgroup, or --cgroup-manager disabled");
        }
    }

    /// <summary>The controllers, and whether the caller may make cgroups.</summary>
    public void Check(CheckReport report)
    {
        if (_layout is null)
        {
            return;
        }

        report.Ok("cgroups", _layout.Mode switch
        {
            CgroupMode.Unified => "version 2",
            CgroupMode.Hybrid => "version 1, and 2 without controllers (hybrid)",
            _ => "version 1",
        });
        foreach (string controller in s_wanted)
        {
            if (Missing(controller) is { } missing)
            {
                report.Warn("cgroup controller " + controller, missing.Message, missing.Fix);
            }
        }

        foreach (CgroupHierarchy hierarchy in _layout.Hierarchies)
        {
            if (hierarchy.IsUnified || !_isRoot)
            {
                CheckPlace(report, hierarchy);
            }
        }
    }

    /// <summary>A finding for a property that needs a controller which cannot be had; <paramref name="controller"/> is v2's name.</summary>
    public void Require(CheckReport report, string property, string controller)
    {
        if (_layout is not null && Missing(controller) is { } missing)
        {
            report.Fail(property, missing.Message, missing.Fix);
        }
    }

    private (string Message, string Fix)? Missing(string controller)
    {
        if (_layout!.Mode != CgroupMode.Unified)
        {
            string name = controller == "io" ? "blkio" : controller;
            return _layout.Find(name) is not null ? null
                : ($"no hierarchy with the controller {name} is mounted", $"mkdir /sys/fs/cgroup/{name} && mount -t cgroup -o {name} cgroup /sys/fs/cgroup/{name}");
        }

        // Root enables controllers from the mount point downwards; others have what was given to them.
        CgroupHierarchy hierarchy = _layout.Hierarchies[0];
        string place = _isRoot ? hierarchy.MountPoint : hierarchy.MountPoint + hierarchy.OwnPath.TrimEnd('/');
        return HostFiles.HasWord(_host.Text(place + "/cgroup.controllers"), controller) ? null
            : _isRoot ? ($"'{place}' does not have the controller {controller}", "boot without cgroup_disable=, and with no version 1 hierarchy that uses it")
            : ($"the controller {controller} is not delegated to '{place}'", UserDelegation);
    }

    private void CheckPlace(CheckReport report, CgroupHierarchy hierarchy)
    {
        string place = hierarchy.MountPoint + hierarchy.OwnPath.TrimEnd('/');
        if (!_host.IsWritable(_isRoot ? hierarchy.MountPoint : place))
        {
            string fix = _isRoot ? $"mount -o remount,rw {hierarchy.MountPoint}" : "systemd-run --user --scope -p Delegate=yes anocir …, or --cgroup-manager disabled";
            report.Warn(place, "no cgroup can be made there: it is read-only, or not this user's", fix);
        }

        if (_host.Text(place + "/cgroup.type") is { } type && type.Contains("threaded", System.StringComparison.Ordinal))
        {
            report.Warn(place + "/cgroup.type", $"is '{type}': containers there cannot have limits of memory, io and hugetlb", "run from another cgroup, or set linux.cgroupsPath");
        }

        if (_host.Number(place + "/pids.max") is < 8 and var most)
        {
            report.Fail(place + "/pids.max", $"{most} processes are too few", $"echo max >{place}/pids.max");
        }
    }
}
