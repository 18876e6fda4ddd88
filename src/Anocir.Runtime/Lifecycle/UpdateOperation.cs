using System.Collections.Generic;
using Anocir.Runtime.Cgroups;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Resctrl;
using Anocir.Runtime.Spec;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>The update command.</summary>
public static class UpdateOperation
{
    /// <summary>
    /// Changes limits of a container that has not stopped. All of them or none: a refused one leaves the others as they were. The values
    /// are kept, so that later updates know them.
    /// </summary>
    /// <param name="options">Global options.</param>
    /// <param name="id">The container.</param>
    /// <param name="update">The new limits; what is null stays.</param>
    /// <param name="schemata">New l3CacheSchema and memBwSchema, or null to leave the resctrl group alone.</param>
    /// <exception cref="ContainerException">The container has stopped or has no cgroup or resctrl group, or a limit is refused.</exception>
    public static void Update(RuntimeOptions options, ContainerId id, Resources update, IntelRdt? schemata = null)
    {
        using StateStore store = StateStore.Open(options.Root);
        using ContainerDirectory directory = store.Get(id);
        DirectoryLock.Take(directory);
        ContainerRecord record = directory.Load();
        if (ContainerProcess.Evaluate(record) is ContainerStatus.Stopped or ContainerStatus.Creating)
        {
            throw StateErrors.NotRunning();
        }

        ResctrlRecord? resctrl = schemata is null ? null
            : record.Resctrl ?? throw new ContainerException("updating a non-existent Intel RDT configuration is not supported"
                + "; hint: create the container with linux.intelRdt");
        CgroupRecord cgroup = record.Cgroup ?? throw StateErrors.NoCgroup(id.Value);
        foreach (string property in Ignored(update, cgroup.Version == 2))
        {
            options.Log.Warn($"linux.resources.{property}: not changed by update, ignoring");
        }

        Resources stored = StoredResources.Load(directory);
        Resources effective = ResourceMerge.Effective(stored, update);
        CgroupControl.For(cgroup).Update(
            ResourceMerge.Changed(stored, update), options.Log, () =>
            {
                if (resctrl is null)
                {
                    StoredResources.Save(directory, effective);
                }
                else
                {
                    new ResctrlGroup(ResctrlRoot.Find() ?? "", schemata!, resctrl).Update(() => StoredResources.Save(directory, effective));
                }
            });
    }

    private static List<string> Ignored(Resources update, bool isUnified)
    {
        List<string> names = [];
        if (isUnified && update.Memory?.DisableOomKiller is true)
        {
            names.Add("memory.disableOOMKiller"); // cgroup v2 has none such
        }

        if (update.Memory?.Kernel is not (null or 0) || update.Memory?.KernelTcp is not (null or 0))
        {
            names.Add("memory.kernel");
        }

        if (update.HugepageLimits.Length > 0)
        {
            names.Add("hugepageLimits");
        }

        if (update.Rdma.Length > 0)
        {
            names.Add("rdma");
        }

        if (update.Network is { } network && (network.ClassId is not (null or 0) || network.Priorities.Length > 0))
        {
            names.Add("network");
        }

        return names;
    }
}
