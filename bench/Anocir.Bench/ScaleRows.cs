using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading.Tasks;

namespace Anocir.Bench;

/// <summary>Many containers: in parallel, and one after the other.</summary>
internal static class ScaleRows
{
    private const int Parallel = 64;

    /// <summary>64 creates at once: median and 99th percentile of their times; all have to succeed.</summary>
    public static void ParallelCreates(Results results)
    {
        var times = new Dictionary<Target, double[]>();
        foreach (Target target in results.Targets)
        {
            string[] ids = [.. Enumerable.Range(0, Parallel).Select(_ => target.NewId())];
            Task<double>[] creates = [.. ids.Select(id => Task.Factory.StartNew(
                () => target.Run("create", "--bundle", target.Bundle + "/sleep", id).Microseconds / 1000, TaskCreationOptions.LongRunning))];
            Task.WaitAll(creates);
            times[target] = [.. creates.Select(create => create.Result).Order()];
            Array.ForEach(ids, target.Remove);
        }

        results.Sample("64 creates in parallel: median", "ms", 1, target => times[target][Parallel / 2]);
        results.Sample("64 creates in parallel: 99th percentile", "ms", 1, target => times[target][^1]);
    }

    /// <summary>Creating the first and the last of many containers, and a list of them. 1,000 take minutes with slow runtimes.</summary>
    public static void Created(Results results, int count)
    {
        const int Samples = 21, Removers = 8;
        var created = results.Targets.ToDictionary(target => target, _ => new List<string>());
        double Create(Target target)
        {
            string id = target.NewId();
            created[target].Add(id);
            return target.Run("create", "--bundle", target.Bundle + "/sleep", id).Microseconds / 1000;
        }

        void Remove(Target target, int keep)
        {
            // Some at once: runc's delete sleeps for 100 ms.
            Task.WaitAll([.. created[target].Skip(keep).Chunk(1 + (created[target].Count / Removers)).Select(
                ids => Task.Factory.StartNew(() => Array.ForEach(ids, target.Remove), TaskCreationOptions.LongRunning))]);
            created[target].RemoveRange(keep, created[target].Count - keep);
        }

        foreach (Target target in results.Targets)
        {
            Remove(target, 0);
        }

        results.Sample("create, no other container", "ms", Samples, target =>
        {
            double time = Create(target);
            Remove(target, 0);
            return time;
        });

        var clock = Stopwatch.StartNew();
        foreach (Target target in results.Targets)
        {
            while (created[target].Count < count)
            {
                Create(target);
            }

            Console.Error.WriteLine($"{count} containers of {target.Name} after {clock.Elapsed.TotalSeconds:0} s");
        }

        results.Sample($"create, {count:N0} others in state created", "ms", Samples, target =>
        {
            double time = Create(target);
            Remove(target, count);
            return time;
        });
        results.Sample($"list of {count:N0}", "ms", Samples, target => target.Run("list").Microseconds / 1000);
        foreach (Target target in results.Targets)
        {
            Remove(target, 0);
        }
    }
}
