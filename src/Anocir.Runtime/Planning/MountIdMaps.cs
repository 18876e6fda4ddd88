using System;
using System.Globalization;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Planning;

/// <summary>
/// The mapping of an idmapped mount: its own uidMappings and gidMappings, those of crun's option
/// <c>idmap=uids=FROM-TO-COUNT#…;gids=…</c>, or the container's user namespace.
/// </summary>
/// <param name="Uids">User IDs; empty for the namespace of another container that is joined.</param>
/// <param name="Gids">Group IDs.</param>
/// <param name="IsContainers">Whether it is that of the container's user namespace.</param>
public sealed record MountIdMaps(IdMapping[] Uids, IdMapping[] Gids, bool IsContainers)
{
    /// <summary>The mapping of a mount; null for one that is not idmapped.</summary>
    /// <exception cref="FormatException">The option cannot be read; the message is the rule it breaks.</exception>
    public static MountIdMaps? Of(Mount mount, LinuxConfig linux)
    {
        if (mount.UidMappings.Length > 0 || mount.GidMappings.Length > 0)
        {
            return new MountIdMaps(mount.UidMappings, mount.GidMappings, false);
        }

        MountOptions options = MountOptions.Parse(mount.Options);
        if (!options.IdMap)
        {
            return null;
        }

        return options.IdMapText is { } text ? Parse(text, linux) : new MountIdMaps(linux.UidMappings, linux.GidMappings, true);
    }

    /// <summary>Reads what follows <c>idmap=</c>.</summary>
    /// <exception cref="FormatException">The message is the rule it breaks.</exception>
    public static MountIdMaps Parse(string text, LinuxConfig linux)
    {
        IdMapping[] uids = [], gids = [];
        foreach (string part in text.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            switch (equals < 0 ? part : part[..equals])
            {
                case "uids" when equals > 0:
                    uids = ParseList(part[(equals + 1)..], linux.UidMappings);
                    break;
                case "gids" when equals > 0:
                    gids = ParseList(part[(equals + 1)..], linux.GidMappings);
                    break;
                default:
                    throw new FormatException("must consist of uids=… and gids=… with a semicolon between them");
            }
        }

        return new MountIdMaps(uids, gids, false);
    }

    private static IdMapping[] ParseList(string text, IdMapping[] container)
    {
        string[] parts = text.Split('#');
        var result = new IdMapping[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            bool relative = parts[i].StartsWith('@');
            string[] numbers = (relative ? parts[i][1..] : parts[i]).Split('-');
            if (numbers.Length != 3 || !TryNumber(numbers[0], out uint from) || !TryNumber(numbers[1], out uint to) || !TryNumber(numbers[2], out uint size))
            {
                throw new FormatException("each mapping must be FROM-TO-COUNT, like 0-100000-65536");
            }

            result[i] = new IdMapping { ContainerId = from, HostId = relative ? OnHost(from, to, container) : to, Size = size };
        }

        return result;
    }

    // '@' counts the second number from the place on the host of the container's mapping that the first one is in.
    private static uint OnHost(uint from, uint to, IdMapping[] container)
    {
        foreach (IdMapping mapping in container)
        {
            if (from >= mapping.ContainerId && from - mapping.ContainerId < mapping.Size)
            {
                return unchecked(to + mapping.HostId - mapping.ContainerId);
            }
        }

        throw new FormatException("a mapping with '@' must begin with an ID of the container's user namespace");
    }

    private static bool TryNumber(string text, out uint value) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
