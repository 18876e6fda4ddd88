using System;
using System.Text;
using Anocir.Linux;

namespace Anocir.Runtime.Cgroups;

/// <summary>
/// Gives a v2 cgroup the controllers that the host has, as runc and crun do even without limits, because engines read its statistics
/// (memory.current, cpu.stat, …).
/// </summary>
internal static class UnifiedControllers
{
    private const int MaxList = 512;

    /// <summary>
    /// Enables what is missing from the mount point downwards. A parent that refuses (it holds processes, or is not ours) is not an error:
    /// whoever writes a limit meets the missing file and names it.
    /// </summary>
    public static void Enable(CgroupTarget target)
    {
        Span<byte> available = stackalloc byte[MaxList];
        Span<byte> present = stackalloc byte[MaxList];
        string mountPoint = target.Hierarchy.MountPoint;
        SysResult all = CgroupFile.Read(mountPoint + "/cgroup.controllers", available);
        SysResult own = CgroupFile.Read(target.Directory + "/cgroup.controllers", present);
        if (all.IsError || own.IsError || all.Int <= own.Int || target.Path is "/")
        {
            return; // the list of a child is a subset: of equal length means equal
        }

        ReadOnlySpan<byte> wanted = Trim(available[..all.Int]);
        byte[] words = Words(wanted);
        string current = mountPoint;
        ReadOnlySpan<char> rest = target.Path.AsSpan(1);
        while (true)
        {
            EnableIn(current, wanted, words);
            int slash = rest.IndexOf('/');
            if (slash < 0)
            {
                break;
            }

            current = string.Concat(current, "/", rest[..slash]);
            rest = rest[(slash + 1)..];
        }

        LeaveInvalidMode(target.Directory);
    }

    /// <summary>All at once; when that fails (one of them is not to be had here) one after the other.</summary>
    private static void EnableIn(string directory, ReadOnlySpan<byte> wanted, byte[] words)
    {
        string file = directory + "/cgroup.subtree_control";
        if (!CgroupFile.Write(file, words).IsError)
        {
            return;
        }

        foreach (Range range in wanted.Split((byte)' '))
        {
            _ = CgroupFile.Write(file, Words(wanted[range]));
        }
    }

    /// <summary>
    /// A cgroup below one that holds processes is "domain invalid" and cannot be entered; threaded mode is the only way left.
    /// </summary>
    private static void LeaveInvalidMode(string directory)
    {
        Span<byte> type = stackalloc byte[32];
        SysResult read = CgroupFile.Read(directory + "/cgroup.type", type);
        if (!read.IsError && type[..read.Int].StartsWith("domain invalid"u8))
        {
            _ = CgroupFile.Write(directory + "/cgroup.type", "threaded"u8);
        }
    }

    /// <summary><c>cpu io</c> as <c>+cpu +io</c>.</summary>
    private static byte[] Words(ReadOnlySpan<byte> list) =>
        Encoding.ASCII.GetBytes("+" + Encoding.ASCII.GetString(list).Replace(" ", " +", StringComparison.Ordinal));

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> list) => list.TrimEnd((byte)'\n').TrimEnd((byte)' ');
}
