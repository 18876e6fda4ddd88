using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json.Nodes;

namespace Anocir.Bench;

/// <summary>
/// Compares runtimes in one run: every row takes one sample of each runtime in turn, so that noise of the machine meets all of
/// them alike. <c>anocir-bench RUNS WORK JSON MOUNTS-SCRIPT NAME=PATH…</c>; the first runtime is the one the ratios are for. WORK holds
/// rootfs and spec/config.json. $SCALE is the number of containers of the rows with many; 0 leaves them out. $ROWS chooses groups of rows.
/// </summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        if (args.Length < 5)
        {
            Console.Error.WriteLine("usage: anocir-bench RUNS WORK JSON MOUNTS-SCRIPT NAME=PATH...");
            return 2;
        }

        int runs = int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture);
        var targets = new List<Target>();
        foreach (string pair in args.AsSpan(4))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            targets.Add(new Target(pair[..equals], pair[(equals + 1)..], args[1]));
        }

        var bundles = new Bundles(args[1]);
        bundles.Make("true", ["/bin/true"]);
        bundles.Make("sleep", ["/bin/sleep", "100000"]);
        bundles.Make("cat", ["/bin/cat", "/fifo"], config => config["linux"]!["cgroupsPath"] = "/anocir-bench-memory");
        string filter = File.ReadAllText(Path.Combine(args[1], "spec", "seccomp.json"));
        bundles.Make("filtered", ["/bin/sleep", "100000"], config => config["linux"]!["seccomp"] = JsonNode.Parse(filter));
        bundles.Make("engine", ["/bin/true"], config =>
        {
            config["linux"]!["seccomp"] = JsonNode.Parse(filter);
            for (int i = 0; i < 30; i++)
            {
                config["mounts"]!.AsArray().Add(JsonNode.Parse($$"""{"destination":"/mnt/{{i}}","type":"bind","source":"/tmp","options":["bind","ro","nosuid"]}"""));
            }
        });
        int scale = int.Parse(Environment.GetEnvironmentVariable("SCALE") ?? "200", System.Globalization.CultureInfo.InvariantCulture);
        string budget = "";
        var results = new Results(targets);
        try
        {
            Group("start", () => Rows.Static(results, runs));
            Group("life", () =>
            {
                Rows.Lifecycle(results, runs, "");
                Rows.Waiting(results, runs);
                Rows.Attached(results);
            });
            Group("exec", () =>
            {
                Rows.Exec(results, runs, "sleep", "");
                Rows.Exec(results, runs, "filtered", ", a seccomp profile");
            });
            Group("engine", () => Rows.Run(results, runs, "engine", ", a seccomp profile and 30 mounts"));
            Group("calls", () => KernelRows.SystemCalls(results));
            Group("memory", () => KernelRows.MemoryPeak(results));
            Group("parallel", () => ScaleRows.ParallelCreates(results));
            if (scale > 0)
            {
                Group("many", () => ScaleRows.Created(results, scale));
            }

            Group("parts", () => budget = Budget.Table(targets[0], bundles, runs));
            Group("checkpoint", () => Rows.Checkpoint(results, runs), onlyIfNamed: true);
            Group("mounts", () =>
            {
                Console.Error.WriteLine("adding 2,000 mounts to this mount namespace");
                Child.Run(args[3], []);
                Rows.Start(results, runs, ", 2,000 mounts");
                Rows.Lifecycle(results, runs, ", 2,000 mounts");
            });
        }
        catch (InvalidOperationException e)
        {
            Console.Error.WriteLine("error: " + e.Message);
            return 1;
        }
        finally
        {
            foreach (Target target in targets)
            {
                target.RemoveAll();
            }
        }

        Console.Out.Write(results.Table());
        Console.Out.Write("\n" + budget);
        File.WriteAllText(args[2], results.Json());
        Console.Error.WriteLine("written: " + args[2]);
        return 0;
    }

    // $ROWS: words of this list; without it all but those that want what not every machine has.
    private static void Group(string name, Action rows, bool onlyIfNamed = false)
    {
        string[] chosen = (Environment.GetEnvironmentVariable("ROWS") ?? "").Split((char[])[' ', ','], StringSplitOptions.RemoveEmptyEntries);
        if ((chosen.Length == 0 && !onlyIfNamed) || Array.IndexOf(chosen, name) >= 0)
        {
            rows();
        }
    }
}
