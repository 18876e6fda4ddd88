using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Anocir.Integration.Tests.Fixture;

/// <summary>Readings of /proc; a process that is gone reads as null or empty.</summary>
internal static class Proc
{
    /// <summary>A field of /proc/PID/status, for example "SigIgn".</summary>
    public static string? Status(int pid, string field) =>
        Lines($"/proc/{pid}/status").FirstOrDefault(line => line.StartsWith(field + ":", StringComparison.Ordinal))?[(field.Length + 1)..].Trim();

    public static string? Comm(int pid) => Lines($"/proc/{pid}/comm").FirstOrDefault();

    /// <summary>State letter of a process: R, S, Z …; null when it is gone.</summary>
    public static char? State(int pid) => Stat(pid) is [var state, ..] ? state[0] : null;

    public static int Parent(int pid) => Stat(pid) is [_, var parent, ..] ? int.Parse(parent, CultureInfo.InvariantCulture) : 0;

    /// <summary>True for a process that exists and is not a zombie.</summary>
    public static bool IsAlive(int pid) => State(pid) is not (null or 'Z' or 'X');

    /// <summary>Resident memory in KiB, of the process's own pages and all others it maps.</summary>
    public static int ResidentKib(int pid) =>
        int.Parse(Status(pid, "VmRSS")!.Split(' ')[0], CultureInfo.InvariantCulture);

    /// <summary>fd numbers and what they are.</summary>
    public static SortedDictionary<int, string> Fds(int pid)
    {
        SortedDictionary<int, string> fds = [];
        foreach (string path in Directory.GetFileSystemEntries($"/proc/{pid}/fd"))
        {
            try
            {
                fds[int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture)] = new FileInfo(path).LinkTarget ?? "?";
            }
            catch (IOException)
            {
                // closed meanwhile: the listing's own descriptor
            }
        }

        return fds;
    }

    /// <summary>Every descendant of a process, zombies too.</summary>
    public static List<int> Descendants(int ancestor)
    {
        Dictionary<int, int> parents = [];
        foreach (string path in Directory.GetDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out int pid))
            {
                parents[pid] = Parent(pid);
            }
        }

        List<int> found = [];
        foreach (int pid in parents.Keys)
        {
            int above = pid;
            while (above > 1 && parents.TryGetValue(above, out above))
            {
                if (above == ancestor)
                {
                    found.Add(pid);
                    break;
                }
            }
        }

        return found;
    }

    public static string Describe(int pid) =>
        $"{pid} ({Comm(pid)}, state {State(pid)}): {string.Concat(Lines($"/proc/{pid}/cmdline")).Replace('\0', ' ')}";

    /// <summary>The lines of a file; none when it cannot be read.</summary>
    public static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    // Fields of /proc/PID/stat from the state on; the name before may hold anything.
    private static string[]? Stat(int pid) => Lines($"/proc/{pid}/stat") is [var line, ..] ? line[(line.LastIndexOf(')') + 2)..].Split(' ') : null;
}
