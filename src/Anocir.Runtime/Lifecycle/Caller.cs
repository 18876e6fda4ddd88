using System;
using System.Text;
using Anocir.Linux;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>Who runs this command, and in which user namespace: what its rights allow and its containers inherit.</summary>
public sealed class Caller
{
    private const int Admin = 21; // CAP_SYS_ADMIN

    private static Caller? s_current;

    /// <summary>Effective user ID.</summary>
    public uint Uid { get; init; }

    /// <summary>Effective group ID.</summary>
    public uint Gid { get; init; }

    /// <summary>Whether this is not the initial user namespace: root's rights end at its border.</summary>
    public bool IsInUserNamespace { get; init; }

    /// <summary>Whether setgroups(2) is denied in this namespace, and so in every namespace below (user_namespaces(7)).</summary>
    public bool SetgroupsDenied { get; init; }

    /// <summary>Whether another user than root runs this command.</summary>
    public bool IsRootless => Uid != 0;

    /// <summary>Whether there is CAP_SYS_ADMIN: without it, as root of a container, nothing can be done before a new user namespace gives it.</summary>
    public bool HasAdmin { get; init; } = true;

    /// <summary>Whether all rights over a container come from its user namespace, and end there.</summary>
    public bool GainsRights => IsRootless || !HasAdmin;

    /// <summary>Whether there is CAP_SYS_ADMIN in the initial user namespace, which is what rules about unprivileged users look at.</summary>
    public bool IsPrivileged => HasAdmin && !IsInUserNamespace;

    /// <summary>This process.</summary>
    public static Caller Current => s_current ??= Read(Sys.GetEuid(), Sys.GetEgid(), Sys.HasCapability(Admin), "/proc/self");

    /// <summary>The same with another directory in the place of /proc/self. A /proc that cannot be read counts as the host's own.</summary>
    public static Caller Read(uint uid, uint gid, bool hasAdmin, string procSelf)
    {
        Span<byte> text = stackalloc byte[128];
        SysResult map = SmallFile.Read(At.FDCWD, procSelf + "/uid_map", text);
        bool inside = !map.IsError && !IsInitialMap(text[..map.Int]);
        bool denied = false;
        if (inside)
        {
            SysResult setgroups = SmallFile.Read(At.FDCWD, procSelf + "/setgroups", text);
            denied = !setgroups.IsError && text[..setgroups.Int].StartsWith("deny"u8);
        }

        return new Caller { Uid = uid, Gid = gid, IsInUserNamespace = inside, SetgroupsDenied = denied, HasAdmin = hasAdmin };
    }

    /// <summary>Whether a uid_map is that of the initial namespace: one line, all IDs onto themselves.</summary>
    public static bool IsInitialMap(ReadOnlySpan<byte> map)
    {
        string[] fields = Encoding.ASCII.GetString(map).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return fields is ["0", "0", "4294967295"];
    }
}
