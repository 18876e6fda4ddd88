using System;
using System.Globalization;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Cgroups.Limits;

/// <summary>Messages of limits that cannot be applied: property, file, value and the cause, found out only now.</summary>
internal static class LimitErrors
{
    public static ContainerException Refused(CgroupDirectories directories, in LimitWrite write, Errno errno)
    {
        string value = Printable.Escape(write.Value);
        if (directories.Find(write.Controller) is not { } directory)
        {
            return new ContainerException(
                $"cannot set {write.Property} to '{value}': no cgroup hierarchy with the controller {write.Controller} is mounted"
                + $"; hint: mount -t cgroup -o {write.Controller} cgroup /sys/fs/cgroup/{write.Controller}");
        }

        string file = directory + "/" + write.File;
        if (errno == Errno.EBUSY && write.File == "memory.limit_in_bytes")
        {
            var facts = new DirectoryFacts(directories);
            return new ContainerException(
                $"cannot write '{value}' to '{file}' ({write.Property}): unable to set memory limit to {value} (current usage: "
                + $"{facts.Number("memory", "memory.usage_in_bytes")}, peak usage: {facts.Number("memory", "memory.max_usage_in_bytes")})");
        }

        string hint = Hint(directories.IsUnified, directory, write, errno) is { } text ? "; hint: " + text : "";
        return new ContainerException($"cannot write '{value}' to '{file}' ({write.Property}): {ErrnoText.Describe(errno)}{hint}");
    }

    private static string? Hint(bool isUnified, string directory, in LimitWrite write, Errno errno) => errno switch
    {
        Errno.ENOENT or Errno.EACCES or Errno.EPERM when isUnified && !write.File.StartsWith("cgroup.", StringComparison.Ordinal)
            && Missing(directory, write) is { } missing => missing,
        Errno.ENOENT when write.Controller == "hugetlb" => "the kernel has no huge pages of this size: see /sys/kernel/mm/hugepages",
        Errno.ENOENT when write.File is "memory.swap.max" or "memory.memsw.limit_in_bytes" =>
            "the kernel does not account for swap: boot with swapaccount=1",
        Errno.ENOENT => "the kernel has no such file for this controller",
        Errno.EACCES or Errno.EPERM => "run as root, or have this cgroup delegated to you (systemd: Delegate=yes)",
        Errno.EROFS => "the cgroup file system is mounted read-only here",
        Errno.ENODEV when write.Controller is "io" or "blkio" => "no block device has this number, or it is a partition",
        Errno.ENODEV when write.Controller == "rdma" => "there is no RDMA device of this name",
        Errno.ENODEV when write.Controller == "net_prio" => "there is no network interface of this name here",
        Errno.EINVAL when write.File.StartsWith("cpu.rt_", StringComparison.Ordinal) =>
            "the real-time budget of the parent cgroup is too small (it is 0 in a new one)",
        Errno.EINVAL when write.File is "cpu.weight" or "cpu.weight.nice" or "cpu.shares" => IsIdle(directory)
            ? "a cgroup with cpu.idle 1 has no weight: set linux.resources.cpu.idle to 0 first"
            : "the weight of the root cgroup cannot be changed",
        Errno.EINVAL when write.File is "cpu.idle" =>
            write.Value is "0" or "1" ? "the root cgroup cannot be made idle" : "cpu.idle is 0 or 1",
        Errno.ERANGE when write.File is "cpu.weight" => "a weight is from 1 to 10000",
        Errno.ERANGE when write.File is "cpu.weight.nice" => "a nice value is from -20 to 19",
        Errno.EINVAL when write.Controller == "cpu" =>
            "a period must be from 1000 to 1000000, a quota 1000 or more, a burst not above the quota, and all within the parent's quota",
        Errno.EINVAL or Errno.ERANGE or Errno.EACCES when write.Controller == "cpuset" => "not all of them are CPUs or nodes of the parent cgroup",
        Errno.EOPNOTSUPP => "the cgroup is in threaded mode, or processes in a parent keep the controller from it",
        _ => null,
    };

    private static bool IsIdle(string directory) =>
        !CgroupFile.TryReadAll(directory + "/cpu.idle", out byte[] content).IsError && content.AsSpan().StartsWith("1"u8);

    // The nearest ancestor that has the controller and does not hand it on is the place to look at.
    private static string? Missing(string directory, in LimitWrite write)
    {
        string controller = write.Controller;
        if (Lists(directory + "/cgroup.controllers", controller) is not false)
        {
            return null;
        }

        string prefix = write.Property.StartsWith("linux.resources.unified", StringComparison.Ordinal)
            ? string.Create(CultureInfo.InvariantCulture, $"unified resource \"{write.File}\" can't be set: controller \"{controller}\" not available: ")
            : "";
        for (string parent = CgroupPath.Parent(directory); parent.Length > 1; parent = CgroupPath.Parent(parent))
        {
            switch (Lists(parent + "/cgroup.controllers", controller))
            {
                case true:
                    return $"{prefix}'{parent}' does not delegate the controller {controller} (cgroup.subtree_control): it holds processes, or is not ours";
                case null:
                    return $"{prefix}the controller {controller} is not in cgroup.controllers of the root: not in this kernel, disabled at boot, or in use by a v1 hierarchy";
            }
        }

        return null;
    }

    /// <summary>Whether a list has the word; null when there is no such list.</summary>
    private static bool? Lists(string file, string controller)
    {
        if (CgroupFile.TryReadAll(file, out byte[] content).IsError)
        {
            return null;
        }

        string list = System.Text.Encoding.ASCII.GetString(content).TrimEnd('\n');
        return (" " + list + " ").Contains(" " + controller + " ", StringComparison.Ordinal);
    }
}
