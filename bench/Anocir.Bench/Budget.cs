using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Json.Nodes;

namespace Anocir.Bench;

/// <summary>
/// Where the time of anocir's <c>run</c> goes: the same container with one part left out of its configuration, and what is saved by
/// that. The parts are sampled in turn. Parts overlap (a mount needs its namespace), so they do not add up to the whole.
/// </summary>
internal static class Budget
{
    /// <summary>Median times as a table in Markdown.</summary>
    public static string Table(Target anocir, Bundles bundles, int runs)
    {
        var parts = new List<(string Name, string[] Arguments)> { ("all of it", Run(bundles, "whole", null)) };
        void Without(string name, Action<JsonObject> change) => parts.Add((name, Run(bundles, "without-" + parts.Count, change)));

        foreach (string type in new[] { "network", "pid", "ipc", "uts" })
        {
            Without(type + " namespace", config =>
            {
                Bundles.RemoveNamespace(config, type);
                if (type == "network")
                {
                    Bundles.RemoveMount(config, "/sys"); // not mountable without it
                    Bundles.RemoveMount(config, "/sys/fs/cgroup");
                }
                else if (type == "uts")
                {
                    config.Remove("hostname");
                }
                else if (type == "ipc")
                {
                    Bundles.RemoveMount(config, "/dev/mqueue");
                }
            });
        }

        foreach (string mount in new[] { "/dev/pts", "/dev/shm", "/dev/mqueue", "/sys/fs/cgroup" })
        {
            Without("mount of " + mount, config => Bundles.RemoveMount(config, mount));
        }

        Without("masked and read-only paths", config =>
        {
            config["linux"]!.AsObject().Remove("maskedPaths");
            config["linux"]!.AsObject().Remove("readonlyPaths");
        });
        Without("device rules", config => config["linux"]!.AsObject().Remove("resources"));
        Without("capabilities, rlimits, no_new_privs", config =>
        {
            config["process"]!.AsObject().Remove("capabilities");
            config["process"]!.AsObject().Remove("rlimits");
            config["process"]!.AsObject().Remove("noNewPrivileges");
        });

        string[] plan = ["plan", "--bundle", bundles.Make("whole", ["/bin/true"])];
        var samples = new double[parts.Count + 2][];
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] = new double[runs];
        }

        for (int sample = 0; sample < runs; sample++)
        {
            for (int i = 0; i < parts.Count; i++)
            {
                string id = anocir.NewId();
                samples[i][sample] = anocir.Run([.. parts[i].Arguments, id]).Microseconds;
                anocir.Forget(id);
            }

            samples[^2][sample] = anocir.Run("--version").Microseconds;
            samples[^1][sample] = anocir.Run(plan).Microseconds;
        }

        // The differences within a round: the noise of the machine is slower than that.
        double Less(double[] more, double[] less) => Results.MedianOf([.. more.Zip(less, static (a, b) => a - b)]);
        var text = new StringBuilder("| part of `run` | ms |\n| --- | --- |\n");
        Line(text, "all of it", Results.MedianOf([.. samples[0]]));
        Line(text, "start of the controller (`--version`)", Results.MedianOf([.. samples[^2]]));
        Line(text, "reading config.json, checks, the plan (`plan` less `--version`, printing included)", Less(samples[^1], samples[^2]));
        for (int i = 1; i < parts.Count; i++)
        {
            Line(text, parts[i].Name, Less(samples[0], samples[i]));
        }

        return text.ToString();
    }

    private static string[] Run(Bundles bundles, string name, Action<JsonObject>? change) =>
        ["run", "--bundle", bundles.Make("budget/" + name, ["/bin/true"], change)];

    private static void Line(StringBuilder text, string name, double microseconds) =>
        text.Append(CultureInfo.InvariantCulture, $"| {name} | {microseconds / 1000:0.00} |\n");
}
