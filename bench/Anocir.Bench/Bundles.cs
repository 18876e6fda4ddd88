using System;
using System.IO;
using System.Text.Json.Nodes;

namespace Anocir.Bench;

/// <summary>
/// Bundles that differ only in config.json: what <c>anocir spec</c> writes, without a terminal, changed as a row needs it. All have one
/// root filesystem. Debian 12's crun refuses an ociVersion above 1.0.
/// </summary>
internal sealed class Bundles(string directory)
{
    /// <summary>Makes a bundle and returns its directory.</summary>
    /// <param name="name">Directory below the work directory, which holds <c>spec/config.json</c> and <c>rootfs</c>.</param>
    /// <param name="args">The program of the container.</param>
    /// <param name="change">What else differs.</param>
    public string Make(string name, string[] args, Action<JsonObject>? change = null)
    {
        JsonObject config = JsonNode.Parse(File.ReadAllText(Path.Combine(directory, "spec", "config.json")))!.AsObject();
        config["ociVersion"] = "1.0.2";
        config["root"]!["path"] = Path.Combine(directory, "rootfs");
        config["process"]!["terminal"] = false;
        var list = new JsonArray();
        foreach (string arg in args)
        {
            list.Add((JsonNode)arg);
        }

        config["process"]!["args"] = list;
        change?.Invoke(config);
        string bundle = Path.Combine(directory, name);
        Directory.CreateDirectory(bundle);
        File.WriteAllText(Path.Combine(bundle, "config.json"), config.ToJsonString());
        return bundle;
    }

    /// <summary>Removes a namespace from the configuration.</summary>
    public static void RemoveNamespace(JsonObject config, string type) =>
        RemoveWhere(config["linux"]!["namespaces"]!.AsArray(), "type", type);

    /// <summary>Removes a mount from the configuration.</summary>
    public static void RemoveMount(JsonObject config, string destination) =>
        RemoveWhere(config["mounts"]!.AsArray(), "destination", destination);

    private static void RemoveWhere(JsonArray array, string key, string value)
    {
        for (int i = array.Count - 1; i >= 0; i--)
        {
            if ((string?)array[i]![key] == value)
            {
                array.RemoveAt(i);
            }
        }
    }
}
