using System;

namespace Anocir.Runtime.Cgroups.Systemd;

/// <summary>A unit that systemd was asked to start.</summary>
/// <param name="unit">Its name.</param>
/// <param name="properties">Its properties, marshalled as <c>a(sv)</c>.</param>
/// <param name="deadline">When waiting ends, in milliseconds of <see cref="Environment.TickCount64"/>.</param>
public sealed class StartingUnit(string unit, DbusValue properties, long deadline)
{
    /// <summary>Its name.</summary>
    public string Unit => unit;

    /// <summary>Its properties.</summary>
    public DbusValue Properties => properties;

    /// <summary>When waiting ends.</summary>
    public long Deadline => deadline;

    /// <summary>Whether systemd took the order: the unit is ours.</summary>
    public bool IsStarted { get; internal set; }

    /// <summary>Whether systemd refused it: a unit of that name is somebody else's. Neither, and nobody knows.</summary>
    public bool IsRefused { get; internal set; }

    /// <summary>Number of the call.</summary>
    internal uint Serial { get; set; }
}
