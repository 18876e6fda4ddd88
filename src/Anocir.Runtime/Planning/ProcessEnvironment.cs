using System;
using System.Collections.Generic;

namespace Anocir.Runtime.Planning;

/// <summary>process.env as the program gets it, and where its PATH finds a program.</summary>
public static class ProcessEnvironment
{
    /// <summary>Last of several entries for one name wins, in its place; HOME is added when absent or empty (runc).</summary>
    public static string[] Build(string[] entries, string home)
    {
        bool needsHome = NeedsHome(entries);
        bool hasDuplicate = false;
        var names = new HashSet<string>(entries.Length);
        foreach (string entry in entries)
        {
            hasDuplicate |= !names.Add(NameOf(entry));
        }

        if (!hasDuplicate && !(needsHome && names.Contains("HOME")))
        {
            return needsHome ? [.. entries, "HOME=" + home] : entries;
        }

        var result = new List<string>(entries.Length + 1);
        names.Clear();
        if (needsHome)
        {
            result.Add("HOME=" + home);
            _ = names.Add("HOME");
        }

        for (int i = entries.Length - 1; i >= 0; i--)
        {
            if (names.Add(NameOf(entries[i])))
            {
                result.Add(entries[i]);
            }
        }

        result.Reverse();
        return [.. result];
    }

    /// <summary>Whether the last entry for HOME is absent or empty, so that the user's own is wanted.</summary>
    public static bool NeedsHome(string[] entries)
    {
        const string Home = "HOME=";
        string? last = Array.FindLast(entries, entry => entry.StartsWith(Home, StringComparison.Ordinal));
        return last is null || last.Length == Home.Length;
    }

    /// <summary>The paths to try for args[0]: itself when it holds a slash, else each directory of the container's PATH.</summary>
    public static string[] Candidates(string program, string[] environment)
    {
        if (program.Contains('/', StringComparison.Ordinal))
        {
            return [program];
        }

        if (program.Length == 0)
        {
            return []; // not the directories of PATH themselves
        }

        string path = "";
        foreach (string entry in environment)
        {
            if (entry.StartsWith("PATH=", StringComparison.Ordinal))
            {
                path = entry["PATH=".Length..];
            }
        }

        string[] directories = path.Split(':', StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < directories.Length; i++)
        {
            directories[i] = directories[i] + "/" + program;
        }

        return directories;
    }

    private static string NameOf(string entry)
    {
        int equals = entry.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? entry : entry[..equals];
    }
}
