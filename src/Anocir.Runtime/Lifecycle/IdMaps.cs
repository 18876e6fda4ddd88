using System.Globalization;
using System.Text;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Lifecycle;

/// <summary>Writes uid_map and gid_map of a new user namespace (user_namespaces(7)): once each, one write.</summary>
internal static class IdMaps
{
    /// <summary>Writes both maps of the namespace that process <paramref name="pid"/> is in.</summary>
    public static void Write(int pid, IdMapping[] uids, IdMapping[] gids, string property)
    {
        WriteOne(pid, "uid_map", uids, property + ".uidMappings");
        WriteOne(pid, "gid_map", gids, property + ".gidMappings");
    }

    private static void WriteOne(int pid, string name, IdMapping[] mappings, string property)
    {
        var text = new StringBuilder();
        foreach (IdMapping mapping in mappings)
        {
            text.Append(CultureInfo.InvariantCulture, $"{mapping.ContainerId} {mapping.HostId} {mapping.Size}\n");
        }

        string file = "/proc/" + pid.ToString(CultureInfo.InvariantCulture) + "/" + name;
        SysResult opened = Sys.Open(file, O.WRONLY | O.CLOEXEC);
        SysResult written = opened;
        if (!opened.IsError)
        {
            using var fd = new Fd(opened.Int);
            written = Sys.Write(fd.Number, Encoding.ASCII.GetBytes(text.ToString()));
        }

        if (written.IsError)
        {
            string hint = written.Errno switch
            {
                Errno.EINVAL => "; hint: ranges must not overlap, and there may be at most 340",
                Errno.EPERM => "; hint: needs CAP_SETUID and CAP_SETGID, and to map root CAP_SETFCAP",
                _ => "",
            };
            throw new ContainerException($"cannot write '{file}' ({property}): {ErrnoText.Describe(written.Errno)}{hint}");
        }
    }
}
