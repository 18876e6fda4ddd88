using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;

namespace Anocir.Bench;

/// <summary>What the kernel counts: system calls, and memory charged to the container's cgroup.</summary>
internal static class KernelRows
{
    /// <summary>
    /// System calls of everything that a container's life needs, its init and the program /bin/true included. strace of create stays until the
    /// container ends, so it runs beside the others.
    /// </summary>
    public static void SystemCalls(Results results) => results.Sample("system calls of create + start + delete", "", 1, target =>
    {
        string id = target.NewId();
        string file = Path.GetTempFileName();
        string pidFile = Path.GetTempFileName();
        string[] Traced(params string[] arguments) => ["-f", "-c", "-o", file, target.Path, .. target.Arguments(arguments)];
        double Counted()
        {
            string[] total = File.ReadLines(file).Last().Split(' ', StringSplitOptions.RemoveEmptyEntries); // share, seconds, calls, errors
            return double.Parse(total[^1] == "total" && total.Length > 4 ? total[^3] : total[^2], CultureInfo.InvariantCulture);
        }

        int create = Child.Spawn("/usr/bin/strace", Traced("create", "--bundle", target.Bundle + "/true", "--pid-file", pidFile, id));
        var deadline = Stopwatch.StartNew();
        while (new FileInfo(pidFile).Length == 0)
        {
            if (deadline.Elapsed.TotalSeconds > 60)
            {
                throw new InvalidOperationException($"{target.Name} create has not written '{pidFile}' in 60 s");
            }

            Thread.Yield();
        }

        string created = file;
        file = Path.GetTempFileName();
        Child.Run("/usr/bin/strace", Traced("start", id));
        double calls = Counted();
        Child.Wait(create); // the program has ended
        Child.Run("/usr/bin/strace", Traced("delete", "--force", id));
        target.Forget(id);
        calls += Counted();
        File.Delete(file);
        file = created;
        calls += Counted();
        File.Delete(file);
        File.Delete(pidFile);
        return calls;
    });

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
