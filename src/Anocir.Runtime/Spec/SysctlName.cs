using System;

namespace Anocir.Runtime.Spec;

/// <summary>Names of kernel parameters, written with <c>.</c> or <c>/</c> between the parts (sysctl.d(5)).</summary>
public static class SysctlName
{
    /// <summary>
    /// The file below /proc/sys, such as <c>net/ipv4/ip_forward</c>, or null when a part is empty, <c>.</c> or <c>..</c>. The
    /// first separator decides: after a dot, a slash stands for a dot inside a part (<c>net.ipv4.conf.eno2/100.rp_filter</c>).
    /// </summary>
    public static string? ToPath(string name)
    {
        int first = name.AsSpan().IndexOfAny('.', '/');
        string path = first < 0 || name[first] == '/' ? name : SwapSeparators(name);
        return IsSafe(path) ? path : null;
    }

    private static string SwapSeparators(string name)
    {
        char[] path = name.ToCharArray();
        for (int i = 0; i < path.Length; i++)
        {
            path[i] = path[i] switch { '.' => '/', '/' => '.', char other => other };
        }

        return new string(path);
    }

    private static bool IsSafe(ReadOnlySpan<char> path)
    {
        while (true)
        {
            int end = path.IndexOf('/');
            ReadOnlySpan<char> part = end < 0 ? path : path[..end];
            if (part.IsEmpty || part is "." or "..")
            {
                return false;
            }

            if (end < 0)
            {
                return true;
            }

            path = path[(end + 1)..];
        }
    }
}
