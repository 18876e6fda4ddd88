using System;
using System.Collections.Generic;
using System.IO;

namespace Anocir.Integration.Tests.Fixture;

/// <summary>The host's cgroup trees, whatever the version.</summary>
internal static class Cgroups
{
    /// <summary>Every cgroup directory, in every hierarchy, whose name contains the text.</summary>
    public static List<string> Named(string text)
    {
        List<string> found = [];
        foreach (string hierarchy in Hierarchies())
        {
            Search(hierarchy, text, found);
        }

        return found;
    }

    /// <summary>The mount points of all hierarchies.</summary>
    public static List<string> Hierarchies()
    {
        List<string> found = [];
        foreach (string line in Proc.Lines("/proc/self/mountinfo"))
        {
            int separator = line.IndexOf(" - ", StringComparison.Ordinal);
            if (line[(separator + 3)..].StartsWith("cgroup", StringComparison.Ordinal))
            {
                found.Add(line.Split(' ')[4]);
            }
        }

        return found;
    }

    private static void Search(string directory, string text, List<string> found)
    {
        try
        {
            foreach (string child in Directory.GetDirectories(directory))
            {
                if (Path.GetFileName(child).Contains(text, StringComparison.Ordinal))
                {
                    found.Add(child);
                }

                Search(child, text, found);
            }
        }
        catch (IOException)
        {
            // removed by another process of this machine while we looked
        }
    }
}
