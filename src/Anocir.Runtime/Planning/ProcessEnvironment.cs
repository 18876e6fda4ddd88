using System;
using System.Collections.Generic;

namespace Anocir.Runtime.Planning;

/// <summary>process.env as the program gets it, and where its PATH finds a program.</summary>
public static class ProcessEnvironment
{
    /// <summary>Last of several entries for one name wins, in its place; HOME is added when absent (runc).</summary>
    public static string[] Build(string[] entries, string home)
    {
        bool hasHome = false;
        bool hasDuplicate = false;
        var names = new HashSet<string>(entries.Length);
        foreach (string entry in entries)
        {
            string name = NameOf(entry);
            hasDuplicate |= !names.Add(name);
            hasHome |= name == "HOME";
        }

        if (!hasDuplicate)
        {
            return hasHome ? entries : [.. entries, "HOME=" + home];
        }

        var result = new List<string>(entries.Length + 1);
        names.Clear();
        for (int i = entries.Length - 1; i >= 0; i--)
        {
            if (names.Add(NameOf(entries[i])))
            {
                result.Add(entries[i]);
            }
        }

        result.Reverse();
        if (!hasHome)
        {
            result.Add("HOME=" + home);
        }

        return [.. result];
    }

    /// <summary>The paths to try for args[0]: itself when it holds a slash, else each directory of the container's PATH.</summary>
    public static string[] Candidates(string program, string[] environment)
    {
        if (program.Contains('/', StringComparison.Ordinal))
        {
            return [program];
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
