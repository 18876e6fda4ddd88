using System.Globalization;
using System.Text;
using Anocir.Linux;

namespace Anocir.Runtime.Cgroups;

/// <summary>
/// The options of the host's cgroup v2 super block (<c>nsdelegate</c>, <c>memory_recursiveprot</c>), kept while another program works. Whoever mounts cgroup2
/// from the host's cgroup namespace without them takes them away from the whole host, and CRIU does (checkpoint-restore/criu#3029): the limit of what a
/// delegated cgroup may do would be gone. They are also in a file, for a command that begins while another's CRIU has taken them, or after one that was killed then.
/// </summary>
internal sealed class UnifiedOptions
{
    private const string Directory = "/run/anocir";
    private const string Memory = Directory + "/@cgroup2";

    private readonly string _before;

    /// <summary>Remembers them.</summary>
    public UnifiedOptions()
    {
        _before = Read();
        if (_before.Length > 0)
        {
            Remember(_before);
        }
        else if (!CgroupFile.TryReadAll(Memory, out byte[] remembered).IsError)
        {
            _before = Encoding.ASCII.GetString(remembered);
        }
    }

    /// <summary>
    /// Sets them again if they have changed. From another cgroup namespace than the host's nothing changes them. What the user shall know when that failed and they are lost
    /// until the next mount with them; null when all is well.
    /// </summary>
    public string? Restore()
    {
        if (_before.Length == 0 || Read() == _before)
        {
            return null;
        }

        // Making a file system that exists applies the options to it; nothing needs to be mounted (kernel/cgroup/cgroup.c, cgroup_get_tree).
        SysResult result = Sys.FsOpen("cgroup2");
        using var context = new Fd(result.IsError ? -1 : result.Int);
        foreach (string option in _before.Split(','))
        {
            result = result.IsError ? result : Sys.FsConfigFlag(context.Number, option);
        }

        result = result.IsError ? result : Sys.FsConfigCreate(context.Number);
        return result.IsError
            ? $"criu has taken the options {_before} away from the host's cgroup2, and they cannot be set again: {ErrnoText.Describe(result.Errno)}"
                + $"; hint: mount -o remount,{_before} /sys/fs/cgroup"
            : null;
    }

    // Replaced by rename, for others read it; without it all is well as long as nobody is killed.
    private static void Remember(string options)
    {
        const uint OwnerOnly = 0x1c0, OwnerFile = 0x180; // 0700, 0600
        _ = Sys.MkdirAt(At.FDCWD, Directory, OwnerOnly);
        string temporary = Memory + "." + Sys.GetPid().ToString(CultureInfo.InvariantCulture);
        SysResult opened = Sys.Open(temporary, O.WRONLY | O.CREAT | O.TRUNC | O.NOFOLLOW | O.CLOEXEC, OwnerFile);
        if (opened.IsError)
        {
            return;
        }

        using var file = new Fd(opened.Int);
        if (Sys.WriteAll(file.Number, Encoding.ASCII.GetBytes(options)).IsError || Sys.RenameAt(At.FDCWD, temporary, At.FDCWD, Memory).IsError)
        {
            _ = Sys.UnlinkAt(At.FDCWD, temporary);
        }
    }

    private static string Read() => new CgroupMountTable(new CgroupProbe().Read("/proc/self/mountinfo")).UnifiedOptions();
}
