using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;

namespace Anocir.Integration.Tests.BadInput;

/// <summary>Damages a config in one place, the same way for the same seed.</summary>
internal static class ConfigMutator
{
    private static readonly string[] s_absurd =
    [
        "null", "true", "0", "-1", "4294967296", "18446744073709551616", "0.5", "\"\"", "\"a\\u0000b\"", "\"..\"", "\"relative/path\"", "\"a\\nb\"",
        "[]", "[null]", "{}", "[[]]", "\"" + new string('x', 5000) + "\"", "\"/proc/self\"", "\"ro\"", "1e400",
    ];

    /// <summary>The damaged text, and in words what was done.</summary>
    /// <param name="config">Its copy is changed.</param>
    /// <param name="seed">Chooses the place and the damage.</param>
    /// <param name="isAllowed">Whether a place, by its path, may be damaged.</param>
    public static (string Text, string What) Damage(JsonNode config, int seed, Func<string, bool> isAllowed)
    {
        var random = new Random(seed);
        JsonNode copy = config.DeepClone();
        List<JsonNode> places = [.. Nodes(copy).Where(node => node != copy && isAllowed(node.GetPath()))];
        JsonNode place = places[random.Next(places.Count)];
        string path = place.GetPath();
        switch (random.Next(6))
        {
            case 0:
                Remove(place);
                return (copy.ToJsonString(), "without " + path);
            case 1 when place.Parent is JsonArray list:
                list.Add(place.DeepClone());
                return (copy.ToJsonString(), "twice " + path);
            case 2:
                JsonNode other = places[random.Next(places.Count)];
                string what = $"{path} is {other.GetPath()}";
                place.ReplaceWith(other.DeepClone());
                return (copy.ToJsonString(), what);
            case 3:
                string text = copy.ToJsonString();
                int end = random.Next(text.Length);
                return (text[..end], $"only {end} characters");
            default:
                string absurd = s_absurd[random.Next(s_absurd.Length)];
                place.ReplaceWith("@@@");
                return (copy.ToJsonString().Replace("\"@@@\"", absurd, StringComparison.Ordinal), $"{path} is {absurd[..Math.Min(absurd.Length, 30)]}");
        }
    }

    private static void Remove(JsonNode place)
    {
        if (place.Parent is JsonArray list)
        {
            _ = list.Remove(place);
        }
        else
        {
            _ = place.Parent!.AsObject().Remove(place.GetPropertyName());
        }
    }

    private static IEnumerable<JsonNode> Nodes(JsonNode? node) => node switch
    {
        null => [],
        JsonObject members => members.SelectMany(static member => Nodes(member.Value)).Prepend(node),
        JsonArray list => list.SelectMany(Nodes).Prepend(node),
        _ => [node],
    };
}
