using System.Collections.Generic;
using Anocir.Runtime.Cgroups.Limits;
using Anocir.Runtime.Logging;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Cgroups.Systemd;

/// <summary>The cgroup of a container that is a unit of systemd: what changes is told to systemd, what goes is stopped there.</summary>
public sealed class SystemdControl : CgroupControl
{
    private readonly string _unit;
    private readonly SystemdBus _bus;

    /// <summary>The unit that a record describes.</summary>
    internal SystemdControl(CgroupRecord record)
        : base(record)
    {
        _unit = record.Unit ?? "";
        _bus = new SystemdBus(record.UserBus is not null, record.UserBus ?? "");
    }

    /// <inheritdoc/>
    public override string? Remove(CgroupRemoval removal)
    {
        if (CgroupProcesses.FirstOccupied(Record.Paths) is { } occupied)
        {
            // Without killing: somebody else uses the unit, and it is left alone.
            if (removal == CgroupRemoval.OnlyEmpty)
            {
                return occupied;
            }

            // Killed first: systemd would ask the processes to end, and give them 90 seconds for it.
            CgroupKiller.KillAll([.. Record.Paths]);
        }

        Stop(_bus, _unit);
        return base.Remove(removal); // what systemd does not know of: cgroups below the unit's, hierarchies that it does not use
    }

    /// <summary>Stops a unit; where nobody answers for systemd any more, its cgroup is removed like any other.</summary>
    internal static void Stop(SystemdBus bus, string unit)
    {
        using var manager = new SystemdManager(bus);
        if (manager.IsReachable)
        {
            manager.Stop(unit);
        }
    }

    /// <inheritdoc/>
    protected override void Announce(List<LimitWrite> writes, Logger log)
    {
        using var manager = new SystemdManager(_bus, log);
        List<UnitProperty> properties = UnitLimits.Properties(writes, Directories.IsUnified, manager.Version);
        if (properties.Count > 0)
        {
            manager.SetProperties(_unit, properties);
        }
    }

    /// <inheritdoc/>
    protected override string? Settle(List<LimitWrite> writes)
    {
        UnitLimits.RoundQuota(writes);
        return IdleWeight.Settle(writes, () => new DirectoryFacts(Directories).Read("cpu", "cpu.idle")?.Trim() == "1") ? IdleWeight.Warning : null;
    }
}
