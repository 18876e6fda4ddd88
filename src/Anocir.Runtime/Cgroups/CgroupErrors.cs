using Anocir.Linux;
using Anocir.Runtime.Errors;

namespace Anocir.Runtime.Cgroups;

/// <summary>Messages of failed cgroup operations; the hints say what the errno means for a cgroup file system.</summary>
internal static class CgroupErrors
{
    public static ContainerException Create(string directory, Errno errno) =>
        ContainerException.System("create cgroup", directory, errno, errno switch
        {
            Errno.EROFS => "the cgroup file system is mounted read-only here; mount it read-write, or run in an own cgroup namespace",
            Errno.EACCES or Errno.EPERM => "run as root, or have this cgroup delegated to you (systemd: Delegate=yes)",
            Errno.ENOSPC or Errno.EAGAIN => "a limit of a parent is reached: check cgroup.max.descendants and cgroup.max.depth"
                + " (cgroup v1 hosts: cpuset.cpus of the parents)",
            Errno.ENOENT => "a parent cgroup was removed meanwhile",
            Errno.ENOTDIR => "linux.cgroupsPath names a file of a cgroup",
            Errno.ENAMETOOLONG => "each part of linux.cgroupsPath can have at most 255 bytes",
            Errno.EINVAL => "cgroup names must not contain newlines or look like a file of the cgroup",
            Errno.EEXIST => "linux.cgroupsPath names a file of a cgroup",
            _ => null,
        });

    public static ContainerException Join(string file, Errno errno) =>
        ContainerException.System("enter cgroup through", file, errno, errno switch
        {
            Errno.EACCES or Errno.EPERM => "entering needs write access to cgroup.procs of the common ancestor of both cgroups",
            Errno.EBUSY => "a cgroup whose controllers are enabled for its children (cgroup.subtree_control) cannot hold processes",
            Errno.EOPNOTSUPP => "the cgroup is in threaded mode or invalid: check its cgroup.type",
            Errno.ENOSPC => "a cpuset cgroup needs cpuset.cpus and cpuset.mems",
            Errno.ENOENT or Errno.ENODEV => "the cgroup was removed meanwhile",
            Errno.ESRCH => "the process has exited",
            Errno.EAGAIN => "a limit was reached, for example memory.max or the real-time budget of the cgroup",
            _ => null,
        });

    public static ContainerException Write(string file, string value, Errno errno) =>
        new($"cannot write '{value}' to '{file}': {ErrnoHints.Cause(errno)}");
}
