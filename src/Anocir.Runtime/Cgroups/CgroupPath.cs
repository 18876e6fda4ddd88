using System;
using System.Text;

namespace Anocir.Runtime.Cgroups;

/// <summary>Lexical cleaning and joining of cgroup paths.</summary>
public static class CgroupPath
{
    /// <summary>
    /// Resolves empty, <c>.</c> and <c>..</c> components without leaving the root; keeps whether the path is absolute. A relative path that
    /// resolves to nothing becomes <c>.</c>; an empty one stays empty (as runc treats linux.cgroupsPath).
    /// </summary>
    public static string Clean(string path)
    {
        if (path.Length == 0 || IsClean(path))
        {
            return path;
        }

        var result = new StringBuilder(path.Length + 1);
        foreach (Range range in path.AsSpan().Split('/'))
        {
            ReadOnlySpan<char> part = path.AsSpan(range);
            if (part is "..")
            {
                int slash = LastSlash(result);
                result.Length = slash < 0 ? 0 : slash;
            }
            else if (part.Length != 0 && part is not ".")
            {
                result.Append('/').Append(part);
            }
        }

        return path[0] == '/'
            ? result.Length == 0 ? "/" : result.ToString()
            : result.Length == 0 ? "." : result.ToString(1, result.Length - 1);
    }

    /// <summary>Joins a directory without trailing slash (or <c>/</c>) and a cleaned path, absolute or relative.</summary>
    public static string Join(string directory, string path)
    {
        if (path.Length == 0 || path is "/" or ".")
        {
            return directory;
        }

        if (directory is "/")
        {
            directory = "";
        }

        return path[0] == '/' ? directory + path : string.Concat(directory, "/", path);
    }

    /// <summary>The path without its last component: <c>/a</c> for <c>/a/b</c>, <c>/</c> for <c>/a</c> and <c>/</c>.</summary>
    public static string Parent(string path)
    {
        int slash = path.LastIndexOf('/');
        return slash <= 0 ? "/" : path[..slash];
    }

    /// <summary>Whether <see cref="Clean"/> would change nothing; the usual case, decided without an allocation.</summary>
    private static bool IsClean(string path)
    {
        if (path is "/")
        {
            return true;
        }

        int start = path[0] == '/' ? 1 : 0;
        ReadOnlySpan<char> rest = path.AsSpan(start);
        while (true)
        {
            int slash = rest.IndexOf('/');
            ReadOnlySpan<char> part = slash < 0 ? rest : rest[..slash];
            if (part.Length == 0 || part is "." or "..")
            {
                return false;
            }

            if (slash < 0)
            {
                return true;
            }

            rest = rest[(slash + 1)..];
        }
    }

    private static int LastSlash(StringBuilder text)
    {
        for (int i = text.Length - 1; i >= 0; i--)
        {
            if (text[i] == '/')
            {
                return i;
            }
        }

        return -1;
    }
}
