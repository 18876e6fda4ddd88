using System;
using System.Globalization;
using System.Text;
using Anocir.Linux;
using Anocir.Runtime.Cgroups;

namespace Anocir.Runtime.Checks;

/// <summary>The files of the host that checks look at; tests put a directory of their own in the place of the root.</summary>
public sealed class HostFiles(string root = "")
{
    /// <summary>The text of a file without white space at its end; null when it cannot be read.</summary>
    public string? Text(string path) =>
        CgroupFile.TryReadAll(root + path, out byte[] content).IsError ? null : Encoding.UTF8.GetString(content).TrimEnd();

    /// <summary>The number in a file; null when there is none.</summary>
    public long? Number(string path) => long.TryParse(Text(path), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) ? value : null;

    /// <summary>A kernel parameter, by its name with dots.</summary>
    public long? Sysctl(string name) => Number("/proc/sys/" + name.Replace('.', '/'));

    /// <summary>Whether something is there.</summary>
    public bool Exists(string path) => !Sys.AccessAt(At.FDCWD, root + path, 0).IsError;

    /// <summary>Whether the caller may write there.</summary>
    public bool IsWritable(string path) => !Sys.AccessAt(At.FDCWD, root + path, 2).IsError;

    /// <summary>Whether a list with blanks between its words has a word.</summary>
    public static bool HasWord(string? list, string word) =>
        list is not null && (" " + list.Replace('\n', ' ') + " ").Contains(" " + word + " ", StringComparison.Ordinal);

    /// <summary>The value of a line <c>NAME:\tVALUE</c> of /proc/self/status; null when there is none.</summary>
    public string? Status(string name)
    {
        foreach (string line in (Text("/proc/self/status") ?? "").Split('\n'))
        {
            if (line.StartsWith(name + ":", StringComparison.Ordinal))
            {
                return line[(name.Length + 1)..].Trim();
            }
        }

        return null;
    }
}
