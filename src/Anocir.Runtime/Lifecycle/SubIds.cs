using System;
using System.Buffers.Text;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Lifecycle;

/// <summary>The ranges of IDs that /etc/subuid or /etc/subgid lets a user map (subuid(5)), for messages: newuidmap(1) decides.</summary>
public sealed class SubIds
{
    private readonly List<(uint First, uint Count)> _ranges = [];

    /// <summary>Reads the lines <c>OWNER:FIRST:COUNT</c> of one user, by name or by number; other lines count for nothing.</summary>
    public SubIds(ReadOnlySpan<byte> file, string name, uint uid)
    {
        byte[] byName = Encoding.UTF8.GetBytes(name + ":");
        byte[] byNumber = Encoding.ASCII.GetBytes(uid.ToString(CultureInfo.InvariantCulture) + ":");
        foreach (Range range in file.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = file[range];
            int owner = line.StartsWith(byName) ? byName.Length : line.StartsWith(byNumber) ? byNumber.Length : 0;
            if (owner != 0 && Utf8Parser.TryParse(line[owner..], out uint first, out int used)
                && line[(owner + used)..] is [(byte)':', .. var rest] && Utf8Parser.TryParse(rest, out uint count, out _))
            {
                _ranges.Add((first, count));
            }
        }
    }

    /// <summary>The first mapping that no range covers as a whole, or null; one ID may be the user's own without being listed.</summary>
    public IdMapping? FirstMissing(IdMapping[] mappings, uint own)
    {
        foreach (IdMapping mapping in mappings)
        {
            if (!(mapping.Size == 1 && mapping.HostId == own) && !_ranges.Exists(range => Covers(range, mapping)))
            {
                return mapping;
            }
        }

        return null;
    }

    private static bool Covers((uint First, uint Count) range, IdMapping mapping) =>
        mapping.HostId >= range.First && (ulong)mapping.HostId + mapping.Size <= (ulong)range.First + range.Count;
}
