using System;
using Anocir.Runtime.Cgroups;
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
    private readonly uint? _owner;
    private CgroupCreation? _born;
    private CgroupCreation? _later;

    /// <summary>Looks at the host and decides; makes nothing.</summary>
    public CgroupfsCgroups(RuntimeConfig config, string id)
        : base(CgroupfsDriver.Prepare(CgroupLayout.Detect(), config.Linux!.CgroupsPath, id), config.Linux)
    {
        _owner = CgroupOwner.Find(config);
        bool user = config.Linux.FindNamespace(NamespaceType.User) is not null;
        Entry = user ? CgroupEntry.Controller : Plan!.Mode == CgroupMode.Unified ? CgroupEntry.Clone : CgroupEntry.Self;
    }

    /// <inheritdoc/>
    public override int UnifiedFd => Entry == CgroupEntry.Controller ? -1 : _born?.UnifiedDirectory.Number ?? -1;

    /// <inheritdoc/>
    public override CgroupRecord? Record => Describe("cgroupfs");

    /// <inheritdoc/>
    public override void BeforeSpawn()
    {
        if (Plan!.Unified is { } unified)
        {
            _born = CgroupfsDriver.Create(new CgroupPlan(Plan.Mode, [unified]));
        }

        if (Plan.Mode == CgroupMode.Unified)
        {
            Confine(_born!);
            if (_owner is { } owner)
            {
                CgroupOwner.Change(Plan.Targets[0].Directory, owner);
            }
        }
    }

    /// <inheritdoc/>
    public override void InitExists(int pid)
    {
        if (Plan!.Mode != CgroupMode.Unified)
        {
            CgroupTarget[] rest = Array.FindAll(Plan.Targets, static t => !t.Hierarchy.IsUnified);
            _later = CgroupfsDriver.Create(new CgroupPlan(Plan.Mode, rest));
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

    /// <inheritdoc/>
    public override void Dispose()
    {
        _born?.Dispose();
        _later?.Dispose();
    }
}
