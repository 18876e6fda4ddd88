using System;
using System.Linq;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Properties;

/// <summary>One line of /proc/self/mountinfo (proc_pid_mountinfo(5)), as a container sees it.</summary>
internal sealed record MountLine(string Root, string Target, string[] Options, string[] Propagation, string Type, string Source, string[] Super)
{
    /// <summary>Every mount that the probe's word <c>mounts</c> reported.</summary>
    public static MountLine[] All(Report report) => [.. report.All("mount").Select(Parse)];

    /// <summary>The only mount at a path.</summary>
    public static MountLine At(Report report, string target)
    {
        MountLine[] found = [.. All(report).Where(line => line.Target == target)];
        Assert.True(found.Length == 1, $"'{target}' is a mount point {found.Length} times in:\n{report}");
        return found[0];
    }

    public static MountLine Parse(string line)
    {
        string[] fields = line.Split(' ');
        int separator = Array.IndexOf(fields, "-");
        return new MountLine(
            fields[3], fields[4], fields[5].Split(','), fields[6..separator], fields[separator + 1], fields[separator + 2], fields[separator + 3].Split(','));
    }
}
