namespace Anocir.Runtime.Planning;

#pragma warning disable CS1591 // kernel names

/// <summary>MS_* flags of mount(2) (linux/mount.h).</summary>
public static class MS
{
    public const uint RDONLY = 1;
    public const uint NOSUID = 2;
    public const uint NODEV = 4;
    public const uint NOEXEC = 8;
    public const uint SYNCHRONOUS = 16;
    public const uint REMOUNT = 32;
    public const uint MANDLOCK = 64;
    public const uint DIRSYNC = 128;
    public const uint NOSYMFOLLOW = 256;
    public const uint NOATIME = 1024;
    public const uint NODIRATIME = 2048;
    public const uint BIND = 4096;
    public const uint REC = 16384;
    public const uint SILENT = 32768;
    public const uint UNBINDABLE = 1 << 17;
    public const uint PRIVATE = 1 << 18;
    public const uint SLAVE = 1 << 19;
    public const uint SHARED = 1 << 20;
    public const uint RELATIME = 1 << 21;
    public const uint I_VERSION = 1 << 23;
    public const uint STRICTATIME = 1 << 24;
    public const uint LAZYTIME = 1 << 25;
}

/// <summary>MOUNT_ATTR_* of fsmount(2) and mount_setattr(2) (linux/mount.h).</summary>
public static class MountAttr
{
    public const uint RDONLY = 0x1;
    public const uint NOSUID = 0x2;
    public const uint NODEV = 0x4;
    public const uint NOEXEC = 0x8;
    public const uint ATIME_MASK = 0x70;
    public const uint NOATIME = 0x10;
    public const uint STRICTATIME = 0x20;
    public const uint NODIRATIME = 0x80;
    public const uint IDMAP = 0x100000;
    public const uint NOSYMFOLLOW = 0x200000;
}

/// <summary>Commands of fsconfig(2) (linux/mount.h).</summary>
public static class FsConfigCommand
{
    public const uint SetFlag = 0;
    public const uint SetString = 1;
    public const uint Create = 6;
}

/// <summary>Flags of open_tree(2) (linux/mount.h, linux/fcntl.h).</summary>
public static class OpenTreeFlags
{
    public const uint Clone = 1;
    public const uint SymlinkNoFollow = 0x100;
    public const uint EmptyPath = 0x1000;
    public const uint Recursive = 0x8000;
}

/// <summary>CLONE_NEW* flags (linux/sched.h).</summary>
public static class CloneNew
{
    public const uint Time = 0x80;
    public const uint Mount = 0x20000;
    public const uint Cgroup = 0x2000000;
    public const uint Uts = 0x4000000;
    public const uint Ipc = 0x8000000;
    public const uint User = 0x10000000;
    public const uint Pid = 0x20000000;
    public const uint Network = 0x40000000;
}
