using System.Text;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Cgroups.Statistics;

/// <summary>How many processes of a cgroup the kernel killed for want of memory.</summary>
internal static class OomKills
{
    /// <summary>Whether it killed any; false when that cannot be read.</summary>
    public static bool Any(CgroupRecord record)
    {
        var directories = CgroupDirectories.From(record);
        return directories.Find("memory") is { } directory
            && !CgroupFile.TryReadAll(directory + (directories.IsUnified ? "/memory.events" : "/memory.oom_control"), out byte[] content).IsError
            && Count(content) != 0;
    }

    /// <summary>The number in the content of v2's memory.events or v1's memory.oom_control; 0 when there is none (v1 before Linux 4.13).</summary>
    public static ulong Count(byte[] content)
    {
        foreach ((string name, ulong value) in StatFile.Pairs(Encoding.ASCII.GetString(content)))
        {
            if (name == "oom_kill")
            {
                return value;
            }
        }

        return 0;
    }
}
