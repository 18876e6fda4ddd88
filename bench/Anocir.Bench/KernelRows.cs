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
    /// System calls of create, start and delete --force, of all processes the commands start, until they have ended; what the
    /// container's own program does is not in it: it is a sleep.
    /// </summary>
    public static void SystemCalls(Results results) =>
        results.Sample("system calls of create + start + delete --force", "", 3, target =>
        {
            string id = target.NewId();
            double calls = Traced(target, "create", "--bundle", target.Bundle + "/sleep", id);
            calls += Traced(target, "start", id);
            calls += Traced(target, "delete", "--force", id);
            target.Forget(id);
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

    private static double Traced(Target target, params string[] arguments)
    {
        // The trace of create goes on in the init that stays: strace is told to let go once the command itself has ended.
        string file = Path.GetTempFileName();
        string done = file + ".done";
        int strace = Child.Spawn("/usr/bin/strace", [
            "-f", "-qq", "-o", file, "/bin/sh", "-c", "\"$@\"; echo $? >\"$0\"", done, target.Path, .. target.Arguments(arguments)]);
        var deadline = Stopwatch.StartNew();
        while (!(File.Exists(done) && File.ReadAllText(done).EndsWith('\n')))
        {
            if (deadline.Elapsed.TotalSeconds > 60)
            {
                throw new InvalidOperationException($"{target.Name} {arguments[0]} did not end under strace");
            }

            Thread.Yield();
        }

        Child.Signal(strace, 15);
        Child.Wait(strace);
        string code = File.ReadAllText(done).Trim();
        int calls = File.ReadLines(file).Count(line => line.Contains('(', StringComparison.Ordinal) && !line.Contains("<... ", StringComparison.Ordinal));
        File.Delete(file);
        File.Delete(done);
        return code == "0" ? calls : throw new InvalidOperationException($"{target.Name} {arguments[0]} ended with {code} under strace");
    }
}
