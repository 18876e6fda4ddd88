using System;

namespace Anocir.Runtime.Cgroups.Limits;

/// <summary>What to write into a cgroup file so that it holds again what it held.</summary>
public static class LimitRestore
{
    /// <summary>
    /// The value that takes a write back; null when there is nothing to take back. Files with a line for each device print only what is
    /// set, so a device that had no line gets its default.
    /// </summary>
    /// <param name="file">Name of the file.</param>
    /// <param name="written">What was written: for keyed files it begins with the key.</param>
    /// <param name="content">What the file held before.</param>
    public static string? Value(string file, string written, string content)
    {
        switch (file)
        {
            case "memory.oom_control":
                return Keyed(content, "oom_kill_disable");
            case "memory.force_empty" or "cgroup.kill" or "cgroup.procs" or "cgroup.threads":
                return null;
        }

        int space = written.IndexOf(' ', StringComparison.Ordinal);
        string key = space < 0 ? "" : written[..space];
        if (DefaultOf(file, key) is { } byDefault)
        {
            return Keyed(content, key) is { } old ? key + " " + old : key + " " + byDefault;
        }

        // io.bfq.weight and io.weight take a bare number and print it as "default NUMBER".
        if (content.StartsWith("default ", StringComparison.Ordinal))
        {
            return Keyed(content, "default");
        }

        // A write of nothing is none; a newline empties a list such as cpuset.cpus.
        return content.Length == 0 ? "\n" : content;
    }

    private static string? DefaultOf(string file, string key) => file switch
    {
        _ when key.Length == 0 => null,
        "io.max" => "rbps=max wbps=max riops=max wiops=max",
        "io.latency" => "target=0",
        "rdma.max" => "hca_handle=max hca_object=max",
        "io.weight" or "io.bfq.weight" => "default",
        _ when file.StartsWith("blkio.", StringComparison.Ordinal) && file.EndsWith("_device", StringComparison.Ordinal) => "0",
        "net_prio.ifpriomap" => "0",
        _ => null,
    };

    /// <summary>The rest of the line that begins with a key.</summary>
    private static string? Keyed(string content, string key)
    {
        foreach (Range range in content.AsSpan().Split('\n'))
        {
            ReadOnlySpan<char> line = content.AsSpan(range);
            if (line.Length > key.Length + 1 && line.StartsWith(key, StringComparison.Ordinal) && line[key.Length] is ' ' or '\t')
            {
                return line[(key.Length + 1)..].Trim().ToString();
            }
        }

        return null;
    }
}
