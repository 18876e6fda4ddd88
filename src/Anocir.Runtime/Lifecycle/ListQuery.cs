using System.Collections.Generic;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>The list command.</summary>
public static class ListQuery
{
    /// <summary>
    /// Every container below the root, by name. One that cannot be read costs a warning, not the list; one that is only being made, or has just been
    /// deleted, is not there.
    /// </summary>
    /// <param name="options">Where, and the log for warnings.</param>
    /// <param name="told">Warnings that were given before and are not repeated; new ones are added.</param>
    public static List<ContainerSnapshot> All(RuntimeOptions options, HashSet<string>? told = null)
    {
        using StateStore store = StateStore.Open(options.Root);
        if (!store.Exists && options.RootIsExplicit)
        {
            throw ContainerException.System("open the state root", options.Root, Errno.ENOENT);
        }

        List<ContainerSnapshot> found = [];
        foreach (ContainerId id in store.List())
        {
            try
            {
                using ContainerDirectory? directory = store.Find(id);
                if (directory is not null)
                {
                    ContainerRecord record = directory.Load();
                    found.Add(new ContainerSnapshot(record, ContainerProcess.Evaluate(record)));
                }
            }
            catch (ContainerException e) when (e.IsNotFound)
            {
            }
            catch (ContainerException e)
            {
                string warning = $"cannot list container '{id}': {e.Message}, skipping";
                if (told is null || told.Add(warning))
                {
                    options.Log.Warn(warning);
                }
            }
        }

        return found;
    }
}
