using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace Anocir.Bench;

/// <summary>The rows of the table.</summary>
internal static class Rows
{
    private const int RssSamples = 5;

    /// <summary>The file, and a process that only prints its version.</summary>
    public static void Static(Results results, int runs)
    {
        results.Sample("size of the program file", "KiB", 1, t => new FileInfo(t.Path).Length / 1024.0);
        Start(results, runs, "");
        results.Sample("--version: page faults", "", RssSamples, t => t.Run("--version").PageFaults);
        results.Sample("--version: peak RSS", "KiB", RssSamples, t => t.PeakRss("--version"));
    }

    /// <summary>Whole-process time of --version.</summary>
    public static void Start(Results results, int runs, string suffix) =>
        results.Sample("--version" + suffix, "ms", runs * 4, t => t.Run("--version").Microseconds / 1000);

    /// <summary>Whole lives of containers.</summary>
    public static void Lifecycle(Results results, int runs, string suffix)
    {
        Run(results, runs, "true", suffix);
        results.Sample("create + start + delete --force" + suffix, "ms", runs, t =>
        {
            string id = t.NewId();
            double time = t.Run("create", "--bundle", t.Bundle + "/sleep", id).Microseconds;
            time += t.Run("start", id).Microseconds;
            time += t.Run("delete", "--force", id).Microseconds;
            t.Forget(id);
            return time / 1000;
        });
        results.Sample("peak RSS of run" + suffix, "KiB", RssSamples, t =>
        {
            string id = t.NewId();
            double peak = t.PeakRss("run", "--bundle", t.Bundle + "/true", id);
            t.Forget(id);
            return peak;
        });
    }

    /// <summary>A foreground run.</summary>
    public static void Run(Results results, int runs, string bundle, string suffix) =>
        results.Sample("run /bin/true" + suffix, "ms", runs, t =>
        {
            string id = t.NewId();
            Sample sample = t.Run("run", "--bundle", t.Bundle + "/" + bundle, id);
            t.Forget(id);
            return sample.Microseconds / 1000;
        });

    /// <summary>checkpoint and restore of one sleeping process. They want criu.</summary>
    public static void Checkpoint(Results results, int runs)
    {
        results.Sample("checkpoint", "ms", runs, t =>
        {
            string id = t.NewId();
            t.Run("run", "--detach", "--bundle", t.Bundle + "/sleep", id);
            double time = t.Run("checkpoint", "--image-path", Images(t), "--manage-cgroups-mode", "ignore", id).Microseconds;
            t.Forget(id);
            return time / 1000;
        });
        results.Sample("restore --detach", "ms", runs, t =>
        {
            string id = t.NewId();
            double time = t.Run(
                "restore", "--detach", "--bundle", t.Bundle + "/sleep", "--image-path", Images(t), "--manage-cgroups-mode", "ignore", id).Microseconds;
            t.Remove(id);
            return time / 1000;
        });
    }

    private static string Images(Target target) => target.Bundle + "/images-" + target.Name;

    /// <summary>A container that was created and then started: its init's memory, and the small commands.</summary>
    public static void Waiting(Results results, int runs)
    {
        var ids = new Dictionary<Target, string>();
        foreach (Target target in results.Targets)
        {
            ids[target] = target.NewId();
            target.Run("create", "--bundle", target.Bundle + "/sleep", "--pid-file", PidFile(target), ids[target]);
        }

        results.Sample("RSS of the init waiting for start", "KiB", 1, t => Child.Rss(Pid(t)));
        foreach (Target target in results.Targets)
        {
            target.Run("start", ids[target]);
        }

        results.Sample("state", "ms", runs, t => t.Run("state", ids[t]).Microseconds / 1000);
        results.Sample("kill (SIGURG)", "ms", runs, t => t.Run("kill", ids[t], "URG").Microseconds / 1000);
        foreach (Target target in results.Targets)
        {
            target.Remove(ids[target]);
        }
    }

    /// <summary>exec in a running container, whose bundle is <paramref name="bundle"/>.</summary>
    public static void Exec(Results results, int runs, string bundle, string suffix)
    {
        var ids = new Dictionary<Target, string>();
        foreach (Target target in results.Targets)
        {
            ids[target] = target.NewId();
            target.Run("run", "--detach", "--bundle", target.Bundle + "/" + bundle, ids[target]);
        }

        results.Sample("exec /bin/true" + suffix, "ms", runs, t => t.Run("exec", ids[t], "/bin/true").Microseconds / 1000);
        results.Sample("peak RSS of exec" + suffix, "KiB", RssSamples, t => t.PeakRss("exec", ids[t], "/bin/true"));
        foreach (Target target in results.Targets)
        {
            target.Remove(ids[target]);
        }
    }

    /// <summary>The process that stays attached to a foreground run.</summary>
    public static void Attached(Results results)
    {
        var settle = TimeSpan.FromSeconds(3);
        results.Sample("RSS of the process attached to a foreground run", "KiB", 1, t =>
        {
            string id = t.NewId();
            int pid = t.Spawn("run", "--bundle", t.Bundle + "/sleep", "--pid-file", PidFile(t), id);
            System.Threading.Thread.Sleep(settle); // what remains once everything has settled is the figure
            double rss = Child.Rss(pid);
            t.Run("kill", id, "KILL");
            Child.Wait(pid);
            t.Forget(id);
            return rss;
        });
    }

    private static string PidFile(Target target) => "/run/anocir-bench/" + target.Name + ".pid";

    private static int Pid(Target target) => int.Parse(File.ReadAllText(PidFile(target)), CultureInfo.InvariantCulture);
}
