using System;
using Anocir.Runtime.Cgroups;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Lifecycle;

/// <summary>
/// One spelling for each destination of mounts[], as runc sees it too: absolute in the container, without <c>//</c>, <c>.</c> and <c>..</c>,
/// which are resolved as text. What asks whether something is mounted on /dev, /proc or /etc/passwd then need not know the others.
/// </summary>
internal static class MountDestinations
{
    /// <summary>
    /// Cleans the absolute ones, which may also be paths of the host below <paramref name="root"/>. Before the checks, which judge what they mean.
    /// </summary>
    /// <param name="mounts">mounts[].</param>
    /// <param name="root">Absolute path of the root file system.</param>
    public static void Clean(Mount[] mounts, string root)
    {
        foreach (Mount mount in mounts)
        {
            string destination = mount.Destination;
            if (destination.StartsWith('/'))
            {
                mount.Destination = StripRoot(CgroupPath.Clean(destination), root);
            }
        }
    }

    /// <summary>Takes relative ones as relative to /. After the checks, which warn of them.</summary>
    public static void MakeAbsolute(Mount[] mounts)
    {
        foreach (Mount mount in mounts)
        {
            if (!mount.Destination.StartsWith('/'))
            {
                mount.Destination = CgroupPath.Clean("/" + mount.Destination);
            }
        }
    }

    private static string StripRoot(string destination, string root)
    {
        if (destination == root)
        {
            return "/";
        }

        return root.Length > 1 && destination.StartsWith(root + "/", StringComparison.Ordinal) ? destination[root.Length..] : destination;
    }
}
