using System;
using Anocir.Runtime.Cgroups;
using Anocir.Runtime.Cgroups.Devices;
using Anocir.Runtime.Planning;
using Anocir.Runtime.Spec;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>
/// The cgroups of a container being created. What init is born in (v2) exists before the clone; the v1 directories are made
/// while init is already mounting.
/// </summary>
internal sealed class ContainerCgroups : IDisposable
{
    private readonly CgroupPlan? _plan;
    private readonly LinuxConfig _linux;
    private CgroupCreation? _born;
    private CgroupCreation? _later;

    /// <summary>Looks at the host and decides; makes nothing.</summary>
    public ContainerCgroups(RuntimeOptions options, RuntimeConfig config, string id)
    {
        LinuxConfig linux = config.Linux!;
        _linux = linux;
        if (options.CgroupManager == CgroupManager.Disabled)
        {
            return;
        }

        _plan = CgroupfsDriver.Prepare(CgroupLayout.Detect(), linux.CgroupsPath, id);
        bool user = linux.FindNamespace(NamespaceType.User) is not null;
        Entry = user ? CgroupEntry.Controller : _plan.Mode == CgroupMode.Unified ? CgroupEntry.Clone : CgroupEntry.Self;
    }

    /// <summary>How init gets in.</summary>
    public CgroupEntry Entry { get; }

    /// <summary>Whether there is a v2 directory that init is born in.</summary>
    public bool HasUnified => _plan?.Unified is not null && Entry != CgroupEntry.Controller;

    /// <summary>The fd of that directory after <see cref="CreateBeforeClone"/>, else -1.</summary>
    public int UnifiedFd => Entry == CgroupEntry.Controller ? -1 : _born?.UnifiedDirectory.Number ?? -1;

    /// <summary>The files by which init enters by itself.</summary>
    public string[] TaskFiles => Entry == CgroupEntry.Self ? _plan!.SelfJoinFiles() : [];

    /// <summary>What goes into the container's record; null without cgroups.</summary>
    public CgroupRecord? Record => _plan is null ? null : new CgroupRecord
    {
        Driver = "cgroupfs",
        Version = _plan.Mode == CgroupMode.Unified ? 2 : 1,
        Paths = _plan.Directories(),
        Freezer = _plan.Mode == CgroupMode.Unified ? _plan.Targets[0].Directory : _plan.Find("freezer")?.Directory,
    };

    /// <summary>The parts of a mount of type cgroup.</summary>
    public CgroupMount[] Mounts(bool newNamespace) => _plan is null ? [] : [.. CgroupMounts.Describe(_plan, newNamespace)];

    /// <summary>Makes what must exist before init does.</summary>
    public void CreateBeforeClone()
    {
        if (_plan?.Unified is { } unified)
        {
            _born = CgroupfsDriver.Create(new CgroupPlan(_plan.Mode, [unified]));
        }

        if (_plan?.Mode == CgroupMode.Unified)
        {
            Confine(_born!);
        }
    }

    /// <summary>Makes the rest and, where init may not do it itself, moves it in.</summary>
    public void CreateAfterClone(int pid)
    {
        if (_plan is null)
        {
            return;
        }

        if (_plan.Mode != CgroupMode.Unified)
        {
            CgroupTarget[] rest = Array.FindAll(_plan.Targets, static t => !t.Hierarchy.IsUnified);
            _later = CgroupfsDriver.Create(new CgroupPlan(_plan.Mode, rest));
            Confine(_later);
        }

        if (Entry == CgroupEntry.Controller)
        {
            CgroupfsDriver.Join(_plan, pid);
        }
    }

    /// <summary>
    /// Removes everything, with the processes in it; but what <see cref="CgroupfsDriver.Create"/> refused may hold somebody else's processes.
    /// </summary>
    public void Destroy()
    {
        if (_plan is null || (_born ?? _later) is null)
        {
            return;
        }

        if (_plan.Mode == CgroupMode.Unified || _later is not null)
        {
            CgroupfsDriver.Destroy(_plan.Directories(), CgroupRemoval.KillProcesses);
        }
        else
        {
            CgroupfsDriver.Destroy([_plan.Unified!.Directory], CgroupRemoval.KillProcesses);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _born?.Dispose();
        _later?.Dispose();
    }

    // Before any process of the container is in: there is no moment without the rules.
    private void Confine(CgroupCreation creation)
    {
        CgroupDevices.Apply(_plan!, creation, _linux);
        CgroupPids.Apply(_plan!, _linux.Resources?.Pids);
    }
}
