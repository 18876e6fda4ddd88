using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Validation;

/// <summary>config.md "User" on POSIX platforms, with the mappings of a new user namespace.</summary>
internal static class UserChecks
{
    // NGROUPS_MAX of linux/limits.h.
    private const int MaxGroups = 65536;

    public static void Check(User user, LinuxConfig linux)
    {
        if (user.Umask is > 0x1FF)
        {
            throw Reject.Number("process.user.umask", "must not be above 0777 (511)", user.Umask.Value);
        }

        if (user.AdditionalGids.Length > MaxGroups)
        {
            throw Reject.Number(
                "process.user.additionalGids", "must not have more than 65536 entries", user.AdditionalGids.Length);
        }

        bool mapped = linux.FindNamespace(NamespaceType.User) is { Path: null };
        IdMapping[]? uids = mapped ? linux.UidMappings : null;
        IdMapping[]? gids = mapped ? linux.GidMappings : null;
        if (!IsUsable(uids, user.Uid))
        {
            throw Refuse("process.user.uid", "uid", user.Uid);
        }

        if (!IsUsable(gids, user.Gid))
        {
            throw Refuse("process.user.gid", "gid", user.Gid);
        }

        for (int i = 0; i < user.AdditionalGids.Length; i++)
        {
            if (!IsUsable(gids, user.AdditionalGids[i]))
            {
                throw Refuse($"process.user.additionalGids[{i}]", "gid", user.AdditionalGids[i]);
            }
        }
    }

    // 4294967295 is "no ID" to the kernel.
    private static bool IsUsable(IdMapping[]? mappings, uint id) =>
        id != uint.MaxValue && (mappings is null || IdMappingChecks.Contains(mappings, id));

    private static Errors.ContainerException Refuse(string path, string kind, uint id) =>
        Reject.Number(
            path,
            id == uint.MaxValue ? "must be below 4294967295" : $"cannot set {kind} to unmapped user in user namespace",
            id);
}
