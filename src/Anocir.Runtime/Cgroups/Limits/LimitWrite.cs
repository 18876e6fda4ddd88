using System;

namespace Anocir.Runtime.Cgroups.Limits;

/// <summary>What may happen to a write without failing the whole.</summary>
[Flags]
public enum LimitTolerance
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The kernel may lack the file: the value asked for is what holds without it, or nobody can tell.</summary>
    MayBeMissing = 1,

    /// <summary>
    /// EINVAL puts it off until a later write to the same controller has made room: period and quota, for example, are checked together
    /// against the parent's, and one of two orders is refused.
    /// </summary>
    RetryLater = 2,
}

/// <summary>One write of a limit: data, so that tables can be compared and systemd can be told.</summary>
/// <param name="Controller">v1 name of the controller whose directory has the file; on v2 it only serves messages.</param>
/// <param name="File">Name in that directory: <c>memory.max</c>.</param>
/// <param name="Value">What is written, in one write(2).</param>
/// <param name="Property">Where it comes from: <c>linux.resources.memory.limit</c>.</param>
/// <param name="Tolerance">Which failures are none.</param>
public readonly record struct LimitWrite(
    string Controller, string File, string Value, string Property, LimitTolerance Tolerance = LimitTolerance.None);
