using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Validation;

/// <summary>config-linux.md "User namespace mappings" with the kernel's rules for uid_map (user_namespaces(7)).</summary>
internal static class IdMappingChecks
{
    // UID_GID_MAP_MAX_EXTENTS of linux/user_namespace.h.
    private const int MaxEntries = 340;

    public static void Check(LinuxConfig linux)
    {
        CheckList("linux.uidMappings", linux.UidMappings);
        CheckList("linux.gidMappings", linux.GidMappings);
        if (linux.FindNamespace(NamespaceType.User) is { Path: null })
        {
            RequireRoot("linux.uidMappings", linux.UidMappings, "uid");
            RequireRoot("linux.gidMappings", linux.GidMappings, "gid");
        }
    }

    /// <summary>Entries of one list: not empty, not beyond 32 bits, apart from each other on both sides.</summary>
    public static void CheckList(string path, IdMapping[] mappings)
    {
        if (mappings.Length > MaxEntries)
        {
            throw Reject.Number(path, "must not have more than 340 entries", mappings.Length);
        }

        for (int i = 0; i < mappings.Length; i++)
        {
            IdMapping a = mappings[i];
            if (a.Size == 0)
            {
                throw Reject.Rule($"{path}[{i}].size", "must be at least 1");
            }

            // 4294967295 means "no ID" to the kernel, so the last usable one is below it.
            if ((ulong)a.ContainerId + a.Size > uint.MaxValue || (ulong)a.HostId + a.Size > uint.MaxValue)
            {
                throw Reject.Number($"{path}[{i}].size", "must end below ID 4294967295", a.Size);
            }

            for (int j = 0; j < i; j++)
            {
                IdMapping b = mappings[j];
                if (Overlap(a.ContainerId, a.Size, b.ContainerId, b.Size) || Overlap(a.HostId, a.Size, b.HostId, b.Size))
                {
                    throw Reject.Rule($"{path}[{i}]", $"must not overlap {path}[{j}]");
                }
            }
        }
    }

    /// <summary>Whether an ID of the container is mapped.</summary>
    public static bool Contains(IdMapping[] mappings, uint id)
    {
        foreach (IdMapping mapping in mappings)
        {
            if (id >= mapping.ContainerId && id - mapping.ContainerId < mapping.Size)
            {
                return true;
            }
        }

        return false;
    }

    // The set-up itself acts as root of the container (devices, mounts), so root must be mapped, as with runc.
    private static void RequireRoot(string path, IdMapping[] mappings, string kind)
    {
        if (mappings.Length == 0)
        {
            throw Reject.Rule(path, $"user namespaces enabled, but no {kind} mappings found");
        }

        if (!Contains(mappings, 0))
        {
            throw Reject.Rule(path, $"user namespaces enabled, but no mapping found for {kind} 0");
        }
    }

    private static bool Overlap(uint a, uint aSize, uint b, uint bSize) => a < (ulong)b + bSize && b < (ulong)a + aSize;
}
