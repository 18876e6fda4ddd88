using System;
using System.Collections.Generic;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Validation;

/// <summary>
/// <c>linux.sysctl</c>: only parameters that the kernel keeps per namespace, and only when the container has that namespace to
/// itself; anything else would change the host (runc's allow-list).
/// </summary>
internal static class SysctlChecks
{
    private const string IpcFiles =
        "kernel/msgmax kernel/msgmnb kernel/msgmni kernel/sem kernel/shmall kernel/shmmax kernel/shmmni kernel/shm_rmid_forced";

    public static void Check(LinuxConfig linux)
    {
        foreach (KeyValuePair<string, string> parameter in linux.Sysctl)
        {
            string? rule = SysctlName.ToPath(parameter.Key) is { } path
                ? Judge(path, Printable.Quote(parameter.Key), linux)
                : "must be a name like net.ipv4.ip_forward";
            if (rule is not null)
            {
                throw Reject.Rule($"linux.sysctl[{Printable.Quote(parameter.Key)}]", rule);
            }
        }
    }

    private static string? Judge(string path, string name, LinuxConfig linux)
    {
        if (path.StartsWith("fs/mqueue/", StringComparison.Ordinal) || WordList.Contains(IpcFiles, path))
        {
            return linux.FindNamespace(NamespaceType.Ipc) is null
                ? $"sysctl {name} is not allowed in the hosts ipc namespace"
                : null;
        }

        if (path.StartsWith("net/", StringComparison.Ordinal))
        {
            return IsHostNetwork(linux) ? $"sysctl {name} not allowed in host network namespace" : null;
        }

        if (path.StartsWith("user/", StringComparison.Ordinal))
        {
            return linux.FindNamespace(NamespaceType.User) is null
                ? $"setting ucounts without a user namespace not allowed: {name}"
                : null;
        }

        if (linux.FindNamespace(NamespaceType.Uts) is not null)
        {
            switch (path)
            {
                case "kernel/domainname":
                    return null;
                case "kernel/hostname":
                    return $"sysctl {name} is not allowed as it conflicts with the OCI \"hostname\" field";
            }
        }

        return $"sysctl {name} is not in a separate kernel namespace";
    }

    // A path may lead back to the namespace of the runtime itself: compared by device and inode number, as namespaces are.
    private static bool IsHostNetwork(LinuxConfig linux)
    {
        LinuxNamespace? network = linux.FindNamespace(NamespaceType.Network);
        if (network?.Path is null)
        {
            return network is null;
        }

        SysResult result = Sys.Statx(At.FDCWD, network.Path, 0, out Statx joined);
        if (result.IsError)
        {
            throw new ContainerException(
                $"invalid netns path: cannot stat '{Printable.Shorten(network.Path)}': {ErrnoText.Describe(result.Errno)}");
        }

        return Sys.Statx(At.FDCWD, "/proc/self/ns/net", 0, out Statx own).IsError
            || (own.Ino == joined.Ino && own.DevMajor == joined.DevMajor && own.DevMinor == joined.DevMinor);
    }
}
