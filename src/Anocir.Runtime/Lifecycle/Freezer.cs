using Anocir.Runtime.Cgroups;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>Freezes and thaws a container's cgroup.</summary>
public static class Freezer
{
    /// <summary>Asks for it without waiting; false when there is no freezer or it refuses.</summary>
    public static bool Set(CgroupRecord cgroup, bool frozen)
    {
        if (cgroup.Freezer is not { } directory)
        {
            return false;
        }

        return cgroup.Version == 2
            ? !CgroupFile.Write(directory + "/cgroup.freeze", frozen ? "1"u8 : "0"u8).IsError
            : !CgroupFile.Write(directory + "/freezer.state", frozen ? "FROZEN"u8 : "THAWED"u8).IsError;
    }
}
