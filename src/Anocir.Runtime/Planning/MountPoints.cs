using Anocir.Linux;

namespace Anocir.Runtime.Planning;

/// <summary>Questions about the host's mounts that statx answers without reading the whole mount table.</summary>
internal static class MountPoints
{
    private const ulong AttributeMountRoot = 0x2000; // STATX_ATTR_MOUNT_ROOT

    /// <summary>The type of the file system that a path is on, for messages; null when it cannot be told.</summary>
    public static string? FileSystem(string path)
    {
        string place = ContainingMount(System.IO.Path.GetFullPath(path));
        if (Cgroups.CgroupFile.TryReadAll("/proc/self/mountinfo", out byte[] table).IsError)
        {
            return null;
        }

        // The last line for a mount point is the mount on top (proc_pid_mountinfo(5)): … ROOT PLACE OPTIONS … - TYPE SOURCE …
        string? type = null;
        foreach (string line in System.Text.Encoding.UTF8.GetString(table).Split('\n'))
        {
            string[] fields = line.Split(' ');
            int separator = System.Array.IndexOf(fields, "-");
            if (separator > 4 && separator + 1 < fields.Length && fields[4] == place)
            {
                type = fields[separator + 1];
            }
        }

        return type;
    }

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
