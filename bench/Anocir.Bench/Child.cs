using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;
using Anocir.Linux;

namespace Anocir.Bench;

/// <summary>What one process cost.</summary>
/// <param name="Microseconds">From before the spawn to after the wait.</param>
/// <param name="PageFaults">Minor faults of the process and the children it waited for.</param>
internal readonly record struct Sample(double Microseconds, long PageFaults);

/// <summary>Spawns, times and waits.</summary>
internal static unsafe class Child
{
    private static readonly string[] s_environment = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root"];
    private static readonly int s_null = Sys.Open("/dev/null", O.RDWR | O.CLOEXEC).Int;

    /// <summary>Runs a program to its end with /dev/null as standard streams; any other exit code than 0 ends the benchmark.</summary>
    public static Sample Run(string path, ReadOnlySpan<string> arguments) => Run(path, arguments, s_null);

    /// <summary>The same, with the standard output in a file.</summary>
    public static void RunTo(string path, ReadOnlySpan<string> arguments, string file)
    {
        using FileStream output = File.OpenWrite(file);
        Run(path, arguments, (int)output.SafeFileHandle.DangerousGetHandle());
    }

    private static Sample Run(string path, ReadOnlySpan<string> arguments, int output)
    {
        long start = Stopwatch.GetTimestamp();
        int pid = Spawn(path, arguments, output);
        RUsage usage;
        int status;
        while (wait4(pid, &status, 0, &usage) < 0)
        {
        }

        double time = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        if (status != 0)
        {
            throw new InvalidOperationException($"'{path} {string.Join(' ', arguments.ToArray())}' ended with wait status {status}");
        }

        return new Sample(time, usage.MinorFaults);
    }

    /// <summary>Starts a program that stays.</summary>
    public static int Spawn(string path, ReadOnlySpan<string> arguments, int output)
    {
        SysResult pid = Sys.Spawn(new SpawnOptions
        {
            Path = path,
            Arguments = (string[])[path, .. arguments],
            Environment = s_environment,
            Stdio = [s_null, output, 2],
        });
        return pid.IsError ? throw new InvalidOperationException($"cannot run '{path}': {ErrnoText.Describe(pid.Errno)}") : pid.Int;
    }

    /// <summary>Starts a program that stays, without output.</summary>
    public static int Spawn(string path, ReadOnlySpan<string> arguments) => Spawn(path, arguments, s_null);

    /// <summary>Waits for the end of a process, whatever it is.</summary>
    public static void Wait(int pid)
    {
        int status;
        RUsage usage;
        while (wait4(pid, &status, 0, &usage) < 0)
        {
        }
    }

    /// <summary>
    /// Peak resident set in KiB, by time(1): a process that this one spawned itself would inherit this program's own peak as a floor
    /// (exec counts the address space it leaves).
    /// </summary>
    public static double PeakRss(string path, ReadOnlySpan<string> arguments)
    {
        string file = Path.GetTempFileName();
        Run("/usr/bin/time", (string[])["-o", file, "-f", "%M", path, .. arguments]);
        string text = File.ReadAllText(file);
        File.Delete(file);
        return double.Parse(text, CultureInfo.InvariantCulture);
    }

    /// <summary>Resident set of a live process in KiB, from smaps_rollup.</summary>
    public static double Rss(int pid)
    {
        foreach (string line in File.ReadLines($"/proc/{pid}/smaps_rollup"))
        {
            if (line.StartsWith("Rss:", StringComparison.Ordinal))
            {
                return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
            }
        }

        throw new InvalidOperationException($"/proc/{pid}/smaps_rollup has no Rss");
    }

    [DllImport("libc", EntryPoint = "wait4")]
    private static extern int wait4(int pid, int* status, int options, RUsage* usage);

    /// <summary>struct rusage (bits/types/struct_rusage.h), 144 bytes.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 144)]
    private struct RUsage
    {
        public long UserSeconds;
        public long UserMicroseconds;
        public long SystemSeconds;
        public long SystemMicroseconds;
        public long MaximumRss;
        public long SharedMemory;
        public long UnsharedData;
        public long UnsharedStack;
        public long MinorFaults;
    }
}
