using Anocir.Runtime.Resctrl;
using Anocir.Runtime.Spec;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>The last part of taking a container back whose creation or restore failed: its processes and cgroups are gone.</summary>
internal static class ContainerRemains
{
    /// <summary>Resctrl group, mounts on the host, poststop hooks, state. What does not go is a warning, and left to delete --force.</summary>
    public static void Remove(RuntimeOptions options, Hooks? hooks, ContainerRecord? record, ContainerDirectory? directory)
    {
        if (record is not null)
        {
            if (record.Resctrl is { } resctrl && ResctrlGroup.Remove(resctrl) is { } left)
            {
                options.Log.Warn(left.Message);
            }

            HostMounts.Detach(record);
            PoststopHooks.Run(options, hooks, record);
        }

        directory?.Remove();
    }
}
