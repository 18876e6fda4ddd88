using Anocir.Linux;

namespace Anocir.Runtime.SecurityModules;

/// <summary>Whether this kernel's SELinux is on: then, and only then, its file system is mounted (libselinux's rule too).</summary>
internal static class SeLinux
{
    private const long Magic = 0xf97cff8c; // SELINUX_MAGIC (linux/magic.h)

    public static bool IsEnabled => !Sys.FileSystemType("/sys/fs/selinux", out long type).IsError && type == Magic;
}
