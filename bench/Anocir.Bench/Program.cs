using System;
using System.Collections.Generic;
using System.IO;

namespace Anocir.Bench;

/// <summary>
/// Compares runtimes in one run: every row takes one sample of each runtime in turn, so that noise of the machine meets all of
/// them alike. <c>anocir-bench RUNS BUNDLE JSON MOUNTS-SCRIPT NAME=PATH…</c>; the first runtime is the one the ratios are for.
/// </summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        if (args.Length < 5)
        {
            Console.Error.WriteLine("usage: anocir-bench RUNS BUNDLE JSON MOUNTS-SCRIPT NAME=PATH...");
            return 2;
        }

        int runs = int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture);
        var targets = new List<Target>();
        foreach (string pair in args.AsSpan(4))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            targets.Add(new Target(pair[..equals], pair[(equals + 1)..], args[1]));
        }

        var results = new Results(targets);
        try
        {
            Rows.Static(results, runs);
            Rows.Lifecycle(results, runs, "");
            Rows.Waiting(results, runs);
            Rows.Attached(results);
            Rows.Exec(results, runs, "sleep", "");
            Rows.Exec(results, runs, "filtered", ", 300 seccomp rules");
            Console.Error.WriteLine("adding 2,000 mounts to this mount namespace");
            Child.Run(args[3], []);
            Rows.Start(results, runs, ", 2,000 mounts");
            Rows.Lifecycle(results, runs, ", 2,000 mounts");
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
        File.WriteAllText(args[2], results.Json());
        Console.Error.WriteLine("written: " + args[2]);
        return 0;
    }
}
