using System;
using System.Globalization;
using System.Text;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Lifecycle;

/// <summary>
/// Writes uid_map and gid_map of a new user namespace (user_namespaces(7)): once each, one write. Without root the kernel allows a single
/// ID, the caller's own; for more there are newuidmap and newgidmap.
/// </summary>
internal static class IdMaps
{
    /// <summary>Writes both maps of the namespace that process <paramref name="pid"/> is in.</summary>
    public static void Write(int pid, IdMapping[] uids, IdMapping[] gids, string property, Caller caller)
    {
        if (caller.GainsRights && IsOwnAlone(gids, caller.Gid))
        {
            // Else a process could drop a group that a file denies access to; without this the kernel takes no gid_map from a user.
            // Where the file is missing (before Linux 3.19) it is not needed.
            _ = WriteFile(FileOf(pid, "setgroups"), "deny"u8);
        }

        WriteOne(pid, "uid_map", uids, property + ".uidMappings", caller.IsRootless ? IdMapTool.Uid(caller) : null, caller.Uid);
        WriteOne(pid, "gid_map", gids, property + ".gidMappings", caller.IsRootless ? IdMapTool.Gid(caller) : null, caller.Gid);
    }

    /// <summary>Whether a map consists of the caller's own ID: what the kernel lets every user write, at the price of setgroups(2).</summary>
    public static bool IsOwnAlone(IdMapping[] mappings, uint own) => mappings is [{ Size: 1 } only] && only.HostId == own;

    private static void WriteOne(int pid, string name, IdMapping[] mappings, string property, IdMapTool? tool, uint own)
    {
        var text = new StringBuilder();
        foreach (IdMapping mapping in mappings)
        {
            text.Append(CultureInfo.InvariantCulture, $"{mapping.ContainerId} {mapping.HostId} {mapping.Size}\n");
        }

        string file = FileOf(pid, name);
        SysResult written = WriteFile(file, Encoding.ASCII.GetBytes(text.ToString()));
        if (!written.IsError)
        {
            return;
        }

        if (tool is not null && written.Is(Errno.EPERM) && !IsOwnAlone(mappings, own))
        {
            tool.Write(pid, mappings, property, own);
            return;
        }

        string? hint = written.Errno switch
        {
            Errno.EINVAL => "ranges must not overlap, and there may be at most 340",
            Errno.EPERM when tool is not null => UserNamespaceSupport.Restriction(Errno.EPERM),
            Errno.EPERM when IsOwnAlone(mappings, own) => "needs CAP_SETFCAP, without which the own ID 0 may not be mapped (user_namespaces(7))",
            Errno.EPERM => "needs CAP_SETUID and CAP_SETGID, and to map root CAP_SETFCAP",
            _ => null,
        };
        throw new ContainerException(
            $"cannot write '{file}' ({property}): {ErrnoHints.Cause(written.Errno, hint)}");
    }

    private static string FileOf(int pid, string name) => "/proc/" + pid.ToString(CultureInfo.InvariantCulture) + "/" + name;

    private static SysResult WriteFile(string file, ReadOnlySpan<byte> content)
    {
        SysResult opened = Sys.Open(file, O.WRONLY | O.CLOEXEC);
        if (opened.IsError)
        {
            return opened;
        }

        using var fd = new Fd(opened.Int);
        return Sys.Write(fd.Number, content);
    }
}
