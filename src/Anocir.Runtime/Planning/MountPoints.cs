using Anocir.Linux;

namespace Anocir.Runtime.Planning;

/// <summary>Questions about the host's mounts that statx answers without reading the whole mount table.</summary>
internal static class MountPoints
{
    private const ulong AttributeMountRoot = 0x2000; // STATX_ATTR_MOUNT_ROOT

    /// <summary>The mount point that <paramref name="path"/> (absolute, without symlinks) lies below or is; "/" when unknown.</summary>
    public static string ContainingMount(string path)
    {
        while (path.Length > 1)
        {
            if (!Sys.Statx(At.FDCWD, path, 0, out Statx stat).IsError && (stat.Attributes & AttributeMountRoot) != 0)
            {
                return path;
            }

            int slash = path.LastIndexOf('/');
            path = slash <= 0 ? "/" : path[..slash];
        }

        return "/";
    }
}
