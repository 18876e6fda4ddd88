using System;
using Anocir.Runtime.Cgroups;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Planning;
using Anocir.Runtime.Spec;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>
/// Cgroups that the runtime makes itself in the cgroup file system. What init is born in (v2) exists before the clone; the v1 directories
/// are made while init is already mounting.
/// </summary>
internal sealed class CgroupfsCgroups : ContainerCgroups
{
    private readonly bool _rootless;
    private readonly Resources? _resources;
    private CgroupCreation? _born;
    private CgroupCreation? _later;

    private CgroupfsCgroups(CgroupPlan? plan, RuntimeConfig config, bool rootless)
        : base(plan, config, !rootless)
    {
        LinuxConfig linux = config.Linux!;
        _rootless = rootless;
        _resources = linux.Resources;
        bool user = linux.FindNamespace(NamespaceType.User) is not null;

        // From inside a cgroup namespace none but its own cgroups can be entered where cgroup2 is mounted with nsdelegate, as systemd does.
        bool joins = linux.FindNamespace(NamespaceType.Cgroup)?.Path is { Length: > 0 };
        Entry = plan is null ? CgroupEntry.None
            : user || joins ? CgroupEntry.Controller
            : plan.Mode == CgroupMode.Unified ? CgroupEntry.Clone
            : CgroupEntry.Self;
    }

    /// <summary>Looks at the host and decides; makes nothing.</summary>
    /// <param name="config">The config.</param>
    /// <param name="id">The container's ID.</param>
    /// <param name="rootless">Whether to do without the cgroups that the caller may not make, when nobody asked for them.</param>
    /// <exception cref="ContainerException">linux.cgroupsPath is wrong; limits need a cgroup that the caller may not make.</exception>
    public static CgroupfsCgroups For(RuntimeConfig config, string id, bool rootless)
    {
        LinuxConfig linux = config.Linux!;
        bool mayBeMissing = rootless && string.IsNullOrEmpty(linux.CgroupsPath);
        CgroupLayout? layout = mayBeMissing ? CgroupLayout.TryDetect() : CgroupLayout.Detect();
        if (layout is null)
        {
            return new CgroupfsCgroups(null, config, rootless);
        }

        CgroupPlan plan = CgroupfsDriver.Prepare(layout, linux.CgroupsPath, id, rootless);
        if (!mayBeMissing)
        {
            return new CgroupfsCgroups(plan, config, rootless);
        }

        CgroupPlan usable = WritableCgroups.Select(plan, new CgroupProbe());
        WritableCgroups.RequireLimits(plan, usable, linux.Resources);
        return new CgroupfsCgroups(usable.Targets.Length == 0 ? null : usable, config, rootless) { Shown = WritableCgroups.Shown(plan, usable) };
    }

    /// <inheritdoc/>
    public override int UnifiedFd => Entry == CgroupEntry.Controller ? -1 : _born?.UnifiedDirectory.Number ?? -1;

    /// <inheritdoc/>
    public override CgroupRecord? Record => Plan is null ? null : Describe("cgroupfs");

    /// <inheritdoc/>
    public override void BeforeSpawn()
    {
        if (Plan?.Unified is { } unified)
        {
            _born = Create([unified]);
        }

        if (Plan?.Mode == CgroupMode.Unified)
        {
            Confine(_born!);
        }
    }

    /// <inheritdoc/>
    public override void InitExists(int pid)
    {
        if (Plan is null)
        {
            return;
        }

        if (Plan.Mode != CgroupMode.Unified)
        {
            CgroupTarget[] rest = Array.FindAll(Plan.Targets, static t => !t.Hierarchy.IsUnified);
            _later = Create(rest);
            Confine(_later);
        }

        if (Entry == CgroupEntry.Controller)
        {
            CgroupfsDriver.Join(Plan, pid);
        }
    }

    /// <summary>
    /// Removes everything, with the processes in it; but what <see cref="CgroupfsDriver.Create"/> refused may hold somebody else's processes.
    /// </summary>
    public override void Destroy()
    {
        if ((_born ?? _later) is null)
        {
            return;
        }

        if (Plan!.Mode == CgroupMode.Unified || _later is not null)
        {
            CgroupfsDriver.Destroy(Plan.Directories(), CgroupRemoval.KillProcesses);
        }
        else
        {
            CgroupfsDriver.Destroy([Plan.Unified!.Directory], CgroupRemoval.KillProcesses);
        }
    }

    private CgroupCreation Create(CgroupTarget[] targets)
    {
        try
        {
            return CgroupfsDriver.Create(new CgroupPlan(Plan!.Mode, targets), _resources);
        }
        catch (ContainerException e) when (_rootless)
        {
            // runc's words for a linux.cgroupsPath without permission.
            throw new ContainerException("unable to apply cgroup configuration: " + e.Message);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _born?.Dispose();
        _later?.Dispose();
    }
}
