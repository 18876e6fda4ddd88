using Anocir.Linux;

namespace Anocir.Runtime.Cgroups;

/// <summary>What <see cref="CgroupLayout"/> asks the kernel; tests replace it to describe other hosts.</summary>
public class CgroupProbe
{
    /// <summary>TMPFS_MAGIC (linux/magic.h): /sys/fs/cgroup of a v1 or hybrid host.</summary>
    public const long Tmpfs = 0x01021994;

    /// <summary>CGROUP_SUPER_MAGIC: a cgroup v1 hierarchy.</summary>
    public const long CgroupV1 = 0x27e0eb;

    /// <summary>CGROUP2_SUPER_MAGIC: the cgroup v2 hierarchy.</summary>
    public const long CgroupV2 = 0x63677270;

    /// <summary>The file system type of a path by its magic number, or -1 when it cannot be told.</summary>
    public virtual long FileSystemType(string path) => Sys.FileSystemType(path, out long type).IsError ? -1 : type;

    /// <summary>Whether the path exists.</summary>
    public virtual bool Exists(string path) => !Sys.AccessAt(At.FDCWD, path, 0).IsError;

    /// <summary>Whether the caller may write a file, or make something in a directory.</summary>
    public virtual bool CanWrite(string path)
    {
        const int Write = 2; // W_OK
        return !Sys.AccessAt(At.FDCWD, path, Write).IsError;
    }

    /// <summary>The whole content of a file below /proc.</summary>
    public virtual byte[] Read(string path) => CgroupFile.ReadAll(path);
}
