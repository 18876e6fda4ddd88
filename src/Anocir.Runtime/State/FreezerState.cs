using System;
using Anocir.Linux;

namespace Anocir.Runtime.State;

/// <summary>Reads whether a container's cgroup is frozen (cgroup v1 freezer.state, v2 cgroup.freeze).</summary>
internal static class FreezerState
{
    private const string FileV1 = "/freezer.state";
    private const string FileV2 = "/cgroup.freeze";

    /// <summary>False also when there is no such cgroup or file.</summary>
    public static bool IsFrozen(CgroupRecord? cgroup)
    {
        if (cgroup?.Freezer is not { } directory)
        {
            return false;
        }

        Span<byte> buffer = stackalloc byte[16];
        SysResult result = SmallFile.Read(At.FDCWD, directory + (cgroup.Version == 2 ? FileV2 : FileV1), buffer);
        return !result.IsError && IsFrozenText(buffer[..result.Int]);
    }

    // FREEZING counts: the processes are on their way and a freeze was asked for.
    private static bool IsFrozenText(ReadOnlySpan<byte> text) => text.StartsWith("1"u8) || text.StartsWith("FR"u8);
}
