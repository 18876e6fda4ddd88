using System;
using System.Text;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;

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
    /// <param name="target">The cgroup; it exists.</param>
    /// <param name="resources">What it is to be limited by, which decides whether it may become threaded.</param>
    /// <exception cref="ContainerException">It can only be threaded, and the limits need more.</exception>
    public static void Enable(CgroupTarget target, Resources? resources)
    {
        Span<byte> available = stackalloc byte[MaxList];
        Span<byte> present = stackalloc byte[MaxList];
        string mountPoint = target.Hierarchy.MountPoint;
        SysResult all = CgroupFile.Read(mountPoint + "/cgroup.controllers", available);
        SysResult own = CgroupFile.Read(target.Directory + "/cgroup.controllers", present);
        if (all.IsError || own.IsError || target.Path is "/")
        {
            return;
        }

        // The list of a child is a subset: of equal length means equal. A cgroup with a domain controller is itself a domain, and so is all above.
        ReadOnlySpan<byte> wanted = Trim(available[..all.Int]);
        if (all.Int <= own.Int && ThreadedMode.HasDomainController(wanted))
        {
            return;
        }

        byte[] words = Words(wanted);
        string current = mountPoint;
        ReadOnlySpan<char> rest = target.Path.AsSpan(1);
        for (int slash = 0; slash >= 0; rest = rest[(slash + 1)..])
        {
            EnableIn(current, wanted, words);
            slash = rest.IndexOf('/');
            current = string.Concat(current, "/", slash < 0 ? rest : rest[..slash]);
            ThreadedMode.Settle(current, target, resources);
        }
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

    /// <summary><c>cpu io</c> as <c>+cpu +io</c>.</summary>
    private static byte[] Words(ReadOnlySpan<byte> list) =>
        Encoding.ASCII.GetBytes("+" + Encoding.ASCII.GetString(list).Replace(" ", " +", StringComparison.Ordinal));

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> list) => list.TrimEnd((byte)'\n').TrimEnd((byte)' ');
}
