using Anocir.Linux;
using Anocir.Plan;
using Anocir.Runtime.Planning;

namespace Anocir.Runtime.Errors;

/// <summary>
/// What to look at when the errno alone misleads: one table. Engines take some words of an error as its cause (dockerd and Podman "is a
/// directory", "permission denied", "no such file or directory"), so a hint does not have them.
/// </summary>
internal static class StepHints
{
    /// <summary>The hint for a failed step that comes from a property of the configuration, or null.</summary>
    public static string? For(StepKind kind, in Step step, Errno errno, string property) => (kind, errno) switch
    {
        (StepKind.MoveMount, Errno.ENOTDIR) => "a directory can cover only a directory, a file only a file",
        (StepKind.MoveMount, Errno.ENOSPC) => "the mount table is full, check sysctl fs.mount-max",
        (StepKind.FsMount or StepKind.FsConfig, Errno.EPERM) => "not allowed in this user namespace; proc and sysfs must be fully visible outside",
        (StepKind.FsOpen, Errno.ENODEV) => "the kernel has no file system of this type, load its module",
        (StepKind.CloneInit or StepKind.Unshare, Errno.ENOSPC) => "too many namespaces, check sysctl user.max_*_namespaces and nesting",
        (StepKind.CloneInit or StepKind.Unshare, Errno.EPERM or Errno.EACCES) when (step.X & CloneNew.User) != 0 =>
            "user namespaces are forbidden here by a chroot, a seccomp filter or a security module around this command",
        (StepKind.CloneInit, Errno.EPERM) => "creating namespaces needs CAP_SYS_ADMIN",
        (StepKind.CloneInit, Errno.EAGAIN) => "the pids limit of the cgroup or of the user is reached",
        (StepKind.CloneInit, Errno.EBUSY) => "the cgroup has controllers enabled for children, processes cannot be in it",
        (StepKind.CloneInit, Errno.EOPNOTSUPP) => "the cgroup is in domain-invalid (threaded) state",
        (StepKind.JoinNamespace, Errno.EPERM) =>
            "needs CAP_SYS_ADMIN, for mount namespaces CAP_SYS_CHROOT, and in a user namespace CAP_SYS_PTRACE to get at the mount sources",
        (StepKind.ResolveTarget, Errno.ELOOP) when (step.Flags & (ushort)StepFlags.NoSymlinks) != 0 =>
            "proc, sysfs and cgroup must be mounted on ordinary directory, not on a symlink",
        (StepKind.ResolveTarget, Errno.ELOOP) => "symlinks go in a circle, or one of them leads into a procfs",
        (StepKind.ResolveTarget, Errno.ENOTDIR) => "a component of the path is a file",
        (StepKind.ResolveTarget, Errno.EACCES or Errno.EOVERFLOW) =>
            "in a user namespace the directory must belong to a mapped ID, or the mount point be in the image",
        (StepKind.ResolveTarget, Errno.EROFS) => "create the mount point in the image, or make its file system writable",
        (StepKind.MountSetattr, Errno.EINVAL) when (step.X & MountAttr.IDMAP) != 0 =>
            "the file system, or one mounted below it, does not support idmapped mounts in this kernel",
        (StepKind.MountSetattr, Errno.EPERM) =>
            "a user namespace may neither clear the flags that a mount came with (ro, nosuid, nodev, noexec, atime) nor idmap it",
        (StepKind.SetRlimit, Errno.EPERM) => "raising a hard limit needs CAP_SYS_RESOURCE, and NOFILE may not exceed sysctl fs.nr_open",
        (StepKind.SetScheduler, Errno.EPERM) =>
            "needs CAP_SYS_NICE, a real-time policy also a cgroup with real-time budget, SCHED_DEADLINE all CPUs: "
            + "process scheduler can't be used together with AllowedCPUs",
        (StepKind.SetScheduler, Errno.EBUSY) => "the CPUs have no time left to promise to a SCHED_DEADLINE process",
        (StepKind.SetScheduler, Errno.EINVAL) => "the kernel has no such policy, or the values do not fit it (see sched_setattr(2))",
        (StepKind.SetIoPriority, Errno.EPERM) => "the class IOPRIO_CLASS_RT needs CAP_SYS_NICE or CAP_SYS_ADMIN",
        (StepKind.SetMemoryPolicy, Errno.EINVAL) => "the nodes must exist and be allowed by the cpuset (/sys/devices/system/node/online)",
        (StepKind.SetMemoryPolicy, Errno.ENOSYS) => "the kernel was built without NUMA",
        (StepKind.SetCaps, Errno.EPERM) => "a requested capability is not in this process's own permitted set",
        (StepKind.SetIds, Errno.EINVAL) => "the uid, gid or a group is not mapped in the user namespace",
        (StepKind.WriteFile, Errno.ENOENT) when property == "process.apparmorProfile" =>
            "the profile is not loaded on this host, see apparmor_status(8)",
        (StepKind.WriteFile, Errno.EACCES or Errno.EPERM) when property == "process.apparmorProfile" =>
            "the AppArmor profile around this command does not allow the change",
        (StepKind.WriteFile, Errno.EINVAL) when property == "process.selinuxLabel" => "the loaded SELinux policy has no such context",
        (StepKind.WriteFile, Errno.EACCES) when property == "process.selinuxLabel" =>
            "the SELinux policy does not let the domain of this command set it",
        (StepKind.WriteFile, Errno.ENOENT) => "no such kernel parameter in this kernel or namespace",
        (StepKind.WriteFile, Errno.EROFS) => "the host's /proc is read-only here",
        (StepKind.PivotRoot, Errno.EINVAL) => "the root may not be on a ramdisk (then use --no-pivot), nor its parent mount be shared",
        (StepKind.LoadSeccomp, Errno.EINVAL) => "a filter flag is not known to this kernel, or the filter is too long",
        (StepKind.FsOpen or StepKind.OpenTree or StepKind.MoveMount or StepKind.PivotRoot, Errno.EPERM) =>
            "needs CAP_SYS_ADMIN; a seccomp filter or security module around this command may forbid it as well",
        (_, Errno.ENOSYS) => "older kernel than Linux 5.14, or a seccomp filter around this command hides the call",
        (StepKind.ChangeDirectory, Errno.EXDEV) => "process.cwd leads outside the container",
        _ => ErrnoHints.For(errno),
    };
}
