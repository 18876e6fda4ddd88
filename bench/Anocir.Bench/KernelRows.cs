using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Threading;

namespace Anocir.Bench;

/// <summary>What the kernel counts: memory charged to the container's cgroup.</summary>
internal static class KernelRows
{
    /// <summary>Peak of what is charged to the memory cgroup of a container whose program waits for a FIFO.</summary>
    public static void MemoryPeak(Results results)
    {
        const string V1 = "/sys/fs/cgroup/memory/anocir-bench-memory/memory.max_usage_in_bytes";
        const string V2 = "/sys/fs/cgroup/anocir-bench-memory/memory.peak";
        results.Sample("peak of the container's memory cgroup, after create", "KiB", 3, target => Peak(target, started: false));
        results.Sample("peak of the container's memory cgroup, running cat", "KiB", 3, target => Peak(target, started: true));

        static double Peak(Target target, bool started)
        {
            string id = target.NewId();
            target.Run("create", "--bundle", target.Bundle + "/cat", id);
            if (started)
            {
                target.Run("start", id);
                int pid = target.PidOf(id);
                var deadline = Stopwatch.StartNew();
                while (File.ReadAllText($"/proc/{pid}/comm").Trim() != "cat" && deadline.Elapsed.TotalSeconds < 20)
                {
                    Thread.Yield();
                }
            }

            string file = File.Exists(V2) ? V2 : V1;
            double bytes = double.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture);
            target.Remove(id);
            return bytes / 1024;
        }
    }
}
