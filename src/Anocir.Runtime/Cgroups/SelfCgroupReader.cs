using System;

namespace Anocir.Runtime.Cgroups;

/// <summary>Reads the lines <c>ID:controllers:path</c> of /proc/PID/cgroup (cgroups(7)); malformed lines are passed over.</summary>
public ref struct SelfCgroupReader
{
    private ReadOnlySpan<byte> _rest;

    /// <summary>A reader at the start of the file's content.</summary>
    public SelfCgroupReader(ReadOnlySpan<byte> content) => _rest = content;

    /// <summary>The controller list of the current line; empty for cgroup v2.</summary>
    public ReadOnlySpan<byte> Controllers { get; private set; }

    /// <summary>The cgroup path of the current line.</summary>
    public ReadOnlySpan<byte> Path { get; private set; }

    /// <summary>Whether the current line is the cgroup v2 one, <c>0::/path</c>.</summary>
    public bool IsUnified { get; private set; }

    /// <summary>Moves to the next line; false at the end.</summary>
    public bool Next()
    {
        while (!_rest.IsEmpty)
        {
            int end = _rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? _rest : _rest[..end];
            _rest = end < 0 ? default : _rest[(end + 1)..];
            int first = line.IndexOf((byte)':');
            int second = first < 0 ? -1 : line[(first + 1)..].IndexOf((byte)':');
            if (second < 0)
            {
                continue;
            }

            Controllers = line.Slice(first + 1, second);
            Path = line[(first + second + 2)..];
            IsUnified = Controllers.IsEmpty && line[..first].SequenceEqual("0"u8);

            // A v1 hierarchy without a name and controllers cannot be mounted; what is left is v2's line.
            if (Path.Length != 0 && Path[0] == '/' && (IsUnified || !Controllers.IsEmpty))
            {
                return true;
            }
        }

        return false;
    }
}
