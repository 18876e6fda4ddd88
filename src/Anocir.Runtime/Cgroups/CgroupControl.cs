using System;
using System.Collections.Generic;
using Anocir.Runtime.Cgroups.Limits;
using Anocir.Runtime.Cgroups.Systemd;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Logging;
using Anocir.Runtime.Spec;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Cgroups;

/// <summary>
/// What commands do with the cgroup of a container that exists. This class does it in the cgroup file system; a manager that keeps an own
/// idea of the cgroup overrides what it must be told of.
/// </summary>
public class CgroupControl
{
    /// <summary>The cgroup that a record describes.</summary>
    protected CgroupControl(CgroupRecord record)
    {
        Record = record;
        Directories = CgroupDirectories.From(record);
    }

    /// <summary>Where the cgroup is.</summary>
    public CgroupDirectories Directories { get; }

    /// <summary>The description it was made from.</summary>
    protected CgroupRecord Record { get; }

    /// <summary>The control for the driver that made a container's cgroup.</summary>
    public static CgroupControl For(CgroupRecord record) =>
        record.Driver == "systemd" ? new SystemdControl(record) : new CgroupControl(record); // a bare new() would be a SystemdControl, too

    /// <summary>Changes limits; when one is refused, those already changed get their old values back, and the error is thrown.</summary>
    /// <param name="changed">The new values alone, completed where the kernel wants two together (cpu.quota and cpu.period).</param>
    /// <param name="log">Gets a warning about a value that is left out.</param>
    /// <param name="commit">Writes the new values down; when it fails the old limits come back too.</param>
    /// <exception cref="ContainerException">A limit cannot be applied.</exception>
    public void Update(Resources changed, Logger log, Action commit)
    {
        List<LimitWrite> writes = Limits(changed);
        if (Settle(writes) is { } warning)
        {
            log.Warn(warning);
        }

        // Before a manager hears of the new values: it may write them itself.
        List<LimitWrite> old = LimitWriter.Old(Directories, writes);
        try
        {
            Announce(Limits(changed), log);
            LimitWriter.Write(Directories, writes);
            commit();
        }
        catch (ContainerException)
        {
            Restore(old, log);
            throw;
        }
    }

    private void Restore(List<LimitWrite> old, Logger log)
    {
        try
        {
            Announce(old, log);
        }
        catch (ContainerException e)
        {
            log.Warn("the old limits are not restored there: " + e.Message);
        }

        LimitWriter.Restore(Directories, old);
    }

    /// <summary>Removes the cgroup in every hierarchy.</summary>
    /// <returns>A cgroup that was left to processes of others, or null.</returns>
    /// <exception cref="ContainerException">Something stays behind.</exception>
    public virtual string? Remove(CgroupRemoval removal) => CgroupfsDriver.Destroy([.. Record.Paths], removal);

    /// <summary>What to write into the files.</summary>
    protected List<LimitWrite> Limits(Resources changed) =>
        ResourceLimits.Writes(changed, Directories.IsUnified, new DirectoryFacts(Directories));

    /// <summary>Makes of the writes what a manager makes of the same limits, so that file and manager agree.</summary>
    /// <returns>A warning about a value that was left out.</returns>
    protected virtual string? Settle(List<LimitWrite> writes) => null;

    /// <summary>Tells a manager about limits before they are written to the files, so that it does not undo them later.</summary>
    protected virtual void Announce(List<LimitWrite> writes, Logger log)
    {
    }
}
