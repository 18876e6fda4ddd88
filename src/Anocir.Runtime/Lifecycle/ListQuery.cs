using System.Collections.Generic;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>The list command.</summary>
public static class ListQuery
{
    /// <summary>Every container below the root, by name. One that cannot be read costs a warning, not the list.</summary>
    public static List<ContainerSnapshot> All(RuntimeOptions options)
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
            catch (ContainerException e)
            {
                options.Log.Warn($"cannot list container '{id}': {e.Message}, skipping");
            }
        }

        return found;
    }
}
