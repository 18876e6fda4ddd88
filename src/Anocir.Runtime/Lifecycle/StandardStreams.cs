using System.Collections.Generic;
using Anocir.Linux;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>The standard streams of this process, which a container without a terminal inherits.</summary>
internal static class StandardStreams
{
    private const string Null = "/dev/null";

    /// <summary>What each leads to, as in /proc/self/fd; the null device (char 1:3 of null(4)) is <c>/dev/null</c>, wherever it lies.</summary>
    public static string[] Read() => [Link(0), Link(1), Link(2)];

    /// <summary>Which of them are the null device: bit 0 is standard input.</summary>
    public static int NullMask(IReadOnlyList<string> streams)
    {
        int mask = 0;
        for (int fd = 0; fd < streams.Count; fd++)
        {
            mask |= streams[fd] == Null ? 1 << fd : 0;
        }

        return mask;
    }

    private static string Link(int fd)
    {
        if (!Sys.Statx(fd, "", At.EMPTY_PATH, out Statx stat).IsError && stat.IsType(FileType.Char) && stat is { RdevMajor: 1, RdevMinor: 3 })
        {
            return Null;
        }

        string link = DescriptorPath.Read(fd);
        return link == Null ? "" : link; // of that name, but something else
    }
}
