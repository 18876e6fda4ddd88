using System.Collections.Generic;
using Anocir.Linux;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Validation;

/// <summary>config-linux.md "Namespaces", and what needs a namespace of its own.</summary>
internal static class NamespaceChecks
{
    public static void Check(RuntimeConfig config, LinuxConfig linux, List<string> warnings)
    {
        uint seen = 0;
        for (int i = 0; i < linux.Namespaces.Length; i++)
        {
            LinuxNamespace entry = linux.Namespaces[i];
            if ((seen & (1u << (int)entry.Type)) != 0)
            {
                throw Reject.Rule(
                    $"linux.namespaces[{i}].type", $"malformed spec file: duplicated ns \"{NamespaceNames.Name(entry.Type)}\"");
            }

            seen |= 1u << (int)entry.Type;
            if (entry.Path is not null && entry.Path[0] != '/')
            {
                throw Reject.Value($"linux.namespaces[{i}].path", "must be an absolute path", entry.Path);
            }

            CheckKernel(i, entry.Type);
        }

        CheckUts(config, linux);
        CheckMount(linux);
        CheckUser(linux, warnings);
    }

    // Types that a kernel can be built without. The rest is there whenever namespaces are.
    private static void CheckKernel(int index, NamespaceType type)
    {
        string? file = type switch
        {
            NamespaceType.User => "/proc/self/ns/user",
            NamespaceType.Cgroup => "/proc/self/ns/cgroup",
            NamespaceType.Time => "/proc/self/timens_offsets",
            _ => null,
        };
        if (file is not null && Sys.AccessAt(At.FDCWD, file, 0).Is(Errno.ENOENT))
        {
            throw Reject.Rule($"linux.namespaces[{index}].type", $"{NamespaceNames.Name(type)} namespaces aren't enabled in the kernel");
        }
    }

    private static void CheckUts(RuntimeConfig config, LinuxConfig linux)
    {
        if (linux.FindNamespace(NamespaceType.Uts) is not null)
        {
            return;
        }

        if (config.Hostname is not null)
        {
            throw Reject.Rule("hostname", "unable to set hostname without a private UTS namespace");
        }

        if (config.Domainname is not null)
        {
            throw Reject.Rule("domainname", "unable to set domainname without a private UTS namespace");
        }
    }

    private static void CheckMount(LinuxConfig linux)
    {
        if (linux.FindNamespace(NamespaceType.Mount) is null && (linux.MaskedPaths.Length > 0 || linux.ReadonlyPaths.Length > 0))
        {
            throw Reject.Rule(
                linux.MaskedPaths.Length > 0 ? "linux.maskedPaths" : "linux.readonlyPaths",
                "unable to restrict sys entries without a private MNT namespace");
        }
    }

    private static void CheckUser(LinuxConfig linux, List<string> warnings)
    {
        bool mapped = linux.UidMappings.Length > 0 || linux.GidMappings.Length > 0;
        LinuxNamespace? user = linux.FindNamespace(NamespaceType.User);
        if (user is null && mapped)
        {
            throw Reject.Rule(
                linux.UidMappings.Length > 0 ? "linux.uidMappings" : "linux.gidMappings",
                "user namespace mappings specified, but user namespace isn't enabled in the config");
        }

        if (user is { Path: null } && !mapped)
        {
            throw Reject.Rule(
                "linux.namespaces", "user namespaces enabled, but no namespace path to join nor mappings to apply specified");
        }

        // containerd and CRI-O send both; the joined namespace has its mappings already.
        if (user is { Path: not null } && mapped)
        {
            warnings.Add("linux.uidMappings, linux.gidMappings: the user namespace to join has its own mappings, ignoring");
        }
    }
}
