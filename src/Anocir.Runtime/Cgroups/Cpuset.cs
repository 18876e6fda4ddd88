using System;
using Anocir.Linux;
using Anocir.Runtime.Errors;

namespace Anocir.Runtime.Cgroups;

/// <summary>
/// A new v1 cpuset cgroup has no CPUs and memory nodes, and no process can enter it until both are given (cpusets(7)); they are
/// copied from the parent, which is filled first when it is empty itself.
/// </summary>
internal static class Cpuset
{
    /// <summary>Longest list taken over; a list for 8192 CPUs in the worst order is shorter than a page.</summary>
    private const int MaxList = 4096;

    /// <summary>Fills <paramref name="directory"/> below the mount point of the cpuset hierarchy.</summary>
    /// <param name="mountPoint">Where to stop looking upwards.</param>
    /// <param name="directory">The cgroup.</param>
    /// <param name="isNew">Whether it was just made: then it is empty, and the parent's list is right even if it is not.</param>
    public static void Fill(string mountPoint, string directory, bool isNew)
    {
        if (directory.Length > mountPoint.Length)
        {
            // Hierarchies mounted with noprefix (Android) name the files without "cpuset.".
            Fill(mountPoint, directory, isNew, "/cpuset.cpus", "/cpus");
            Fill(mountPoint, directory, isNew, "/cpuset.mems", "/mems");
        }
    }

    private static void Fill(string mountPoint, string directory, bool isNew, string file, string bareFile)
    {
        Span<byte> list = stackalloc byte[MaxList];
        string parent = CgroupPath.Parent(directory);
        SysResult read = CgroupFile.Read(parent + file, list);
        if (read.Is(Errno.ENOENT) && !ReferenceEquals(file, bareFile))
        {
            Fill(mountPoint, directory, isNew, bareFile, bareFile);
            return;
        }

        if (!read.IsError && IsEmpty(list[..read.Int]) && parent.Length > mountPoint.Length)
        {
            Fill(mountPoint, parent, isNew: false, file, bareFile);
            read = CgroupFile.Read(parent + file, list);
        }

        if (read.IsError)
        {
            throw ContainerException.System("read", parent + file, read.Errno);
        }

        if (!isNew && HasList(directory + file))
        {
            return;
        }

        SysResult written = CgroupFile.Write(directory + file, list[..read.Int]);
        if (written.IsError)
        {
            throw ContainerException.System("fill", directory + file, written.Errno);
        }
    }

    private static bool HasList(string file)
    {
        Span<byte> start = stackalloc byte[16];
        SysResult read = CgroupFile.Read(file, start);
        return !read.IsError && !IsEmpty(start[..read.Int]);
    }

    private static bool IsEmpty(ReadOnlySpan<byte> list) => list.IsEmpty || (list.Length == 1 && list[0] == '\n');
}
