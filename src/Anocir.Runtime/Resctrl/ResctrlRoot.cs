using System;
using System.Text;
using Anocir.Linux;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Resctrl;

/// <summary>Where the resctrl file system is mounted (Documentation/filesystems/resctrl.rst of the kernel), and what the CPU can do.</summary>
internal static class ResctrlRoot
{
    /// <summary>Its mount point, or null when it is not mounted: the CPU lacks it, or nobody did (<c>mount -t resctrl resctrl /sys/fs/resctrl</c>).</summary>
    public static string? Find()
    {
        SysResult opened = Sys.Open("/proc/self/mountinfo", O.RDONLY | O.CLOEXEC);
        if (opened.IsError)
        {
            return null;
        }

        using var file = new Fd(opened.Int);
        return SmallFile.Read(file.Number, out byte[] content).IsError ? null : Find(Encoding.UTF8.GetString(content));
    }

    /// <summary>The same in the content of a mountinfo file (proc_pid_mountinfo(5)).</summary>
    public static string? Find(string mounts)
    {
        foreach (string line in mounts.Split('\n'))
        {
            int dash = line.IndexOf(" - resctrl ", StringComparison.Ordinal);
            string[] fields = dash < 0 ? [] : line[..dash].Split(' ');
            const int MountPoint = 4;
            if (fields.Length > MountPoint)
            {
                return fields[MountPoint].Replace("\\040", " ", StringComparison.Ordinal);
            }
        }

        return null;
    }

    /// <summary>Whether the kernel controls a resource: <c>L3</c>, <c>L2</c>, <c>MB</c>.</summary>
    public static bool Has(string root, string resource) => !Sys.AccessAt(At.FDCWD, root + "/info/" + resource, 0).IsError;

    /// <summary>What the kernel says about the last failure, or "".</summary>
    public static string LastStatus(string root)
    {
        byte[] buffer = new byte[512];
        SysResult read = SmallFile.Read(At.FDCWD, root + "/info/last_cmd_status", buffer);
        string text = read.IsError ? "" : Encoding.UTF8.GetString(buffer, 0, read.Int).Trim();
        return text is "ok" ? "" : text;
    }
}
