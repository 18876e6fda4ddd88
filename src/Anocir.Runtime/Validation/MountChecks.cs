using System;
using System.Collections.Generic;
using Anocir.Linux;
using Anocir.Runtime.Cgroups;
using Anocir.Runtime.Planning;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Validation;

/// <summary>
/// config.md "Mounts" and runc's rules for them. Destinations are judged as text here; that a symlink in the image does not
/// lead elsewhere is ensured when they are opened.
/// </summary>
internal static class MountChecks
{
    private const long ProcSuperMagic = 0x9fa0;

    // The files below /proc that lxcfs and Kubernetes put their own content on.
    private const string ProcFiles =
        "/proc/cpuinfo /proc/diskstats /proc/meminfo /proc/stat /proc/swaps /proc/uptime /proc/loadavg /proc/slabinfo " +
        "/proc/sys/kernel/ns_last_pid /proc/sys/crypto/fips_enabled";

    public static void Check(RuntimeConfig config, LinuxConfig linux, ValidationOptions options, List<string> warnings)
    {
        for (int i = 0; i < config.Mounts.Length; i++)
        {
            Mount mount = config.Mounts[i];
            MountOptions parsed = MountOptions.Parse(mount.Options);
            parsed.Bind |= mount.Type == "bind"; // as crun; runc has the kernel refuse the type
            CheckDestination(i, mount, parsed, options, warnings);
            CheckOptions(i, mount, parsed, warnings);
            if (parsed.IdMap || mount.UidMappings.Length > 0 || mount.GidMappings.Length > 0)
            {
                CheckIdMap(i, mount, parsed, linux, options);
            }
        }
    }

    private static void CheckDestination(
        int index, Mount mount, in MountOptions parsed, ValidationOptions options, List<string> warnings)
    {
        string destination = mount.Destination;
        if (destination[0] != '/')
        {
            warnings.Add(
                $"mounts[{index}].destination: relative path {Printable.Quote(destination)} is deprecated, taking it as relative to /");
        }

        string path = CgroupPath.Clean(destination[0] == '/' ? destination : "/" + destination);
        if (path == "/")
        {
            throw Reject.Rule($"mounts[{index}].destination", "mountpoint \"/\" is on the top of rootfs");
        }

        if (!path.StartsWith("/proc", StringComparison.Ordinal))
        {
            return;
        }

        if (path == "/proc")
        {
            if (parsed.Bind ? !IsProc(mount.Source, options) : mount.Type != "proc")
            {
                throw Reject.Rule(
                    $"mounts[{index}].destination", "\"/proc\" cannot be mounted because it is not of type proc");
            }
        }
        else if (path[5] == '/' && !WordList.Contains(ProcFiles, path))
        {
            throw Reject.Rule(
                $"mounts[{index}].destination", $"{Printable.Quote(path)} cannot be mounted because it is inside /proc");
        }
    }

    // A source that cannot be looked at is left to the mount itself, whose error says why.
    private static bool IsProc(string? source, ValidationOptions options)
    {
        string path = source is null || source[0] != '/' ? options.Bundle + "/" + source : source;
        return Sys.FileSystemType(path, out long type).IsError || type == ProcSuperMagic;
    }

    private static void CheckOptions(int index, Mount mount, in MountOptions parsed, List<string> warnings)
    {
        // The kernel has no use for them. runc refuses; crun and the specification's own test suite take them.
        if (parsed.Bind && parsed.Data is { Count: > 0 } data)
        {
            warnings.Add(
                $"mounts[{index}].options: bind mounts cannot have any filesystem-specific options applied: "
                + $"{Printable.Shorten(string.Join(',', data))}, ignoring");
        }

        if (parsed.Bind && !parsed.Remount && mount.Source is null)
        {
            throw Reject.Rule($"mounts[{index}].source", "must be present and not empty for a bind mount");
        }

        if (mount.Type is null && !parsed.Bind && !parsed.Remount && parsed.Propagation is null)
        {
            throw Reject.Rule($"mounts[{index}].type", "must be present unless the options have bind or rbind");
        }
    }

    private static void CheckIdMap(int index, Mount mount, in MountOptions parsed, LinuxConfig linux, ValidationOptions options)
    {
        if (!parsed.Bind)
        {
            throw Reject.Rule($"mounts[{index}]", "id-mapped mounts are only supported for bind-mounts");
        }

        if (options.Rootless)
        {
            throw Reject.Rule($"mounts[{index}]", "id-mapped mounts are not supported for rootless containers");
        }

        bool listed = mount.UidMappings.Length > 0 || mount.GidMappings.Length > 0;
        MountIdMaps maps = Maps(index, mount, linux);
        bool complete = maps.IsContainers
            ? linux.FindNamespace(NamespaceType.User) is not null
            : maps.Uids.Length > 0 && maps.Gids.Length > 0;
        if (!complete)
        {
            throw Reject.Rule($"mounts[{index}]", "id-mapped mounts must have both uid and gid mappings specified");
        }

        string property = $"mounts[{index}]";
        IdMappingChecks.CheckList(listed ? property + ".uidMappings" : property + ".options (idmap, uids)", maps.Uids);
        IdMappingChecks.CheckList(listed ? property + ".gidMappings" : property + ".options (idmap, gids)", maps.Gids);
    }

    private static MountIdMaps Maps(int index, Mount mount, LinuxConfig linux)
    {
        try
        {
            return MountIdMaps.Of(mount, linux)!;
        }
        catch (FormatException e)
        {
            int option = Array.FindIndex(mount.Options, static o => o.Contains("idmap=", StringComparison.Ordinal));
            throw Reject.Value($"mounts[{index}].options[{option}]", e.Message, mount.Options[option]);
        }
    }
}
