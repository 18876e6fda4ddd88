using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;
using Anocir.Runtime.Validation;
using Xunit;

namespace Anocir.Runtime.Tests.Validation;

/// <summary>The default config with some properties set otherwise.</summary>
internal static class TestConfig
{
    /// <summary>A fresh copy of <c>anocir spec</c>'s document.</summary>
    public static JsonNode Default() => JsonNode.Parse(SpecDocument.Write(false, 0, 0, unified: false).Span)!;

    /// <summary>Sets <c>a/b/0/c</c> to a JSON value; <c>-</c> as the last part appends to an array, an empty value removes.</summary>
    public static JsonNode Set(JsonNode config, string path, string value)
    {
        string[] parts = path.Split('/');
        JsonNode node = config;
        for (int i = 0; i < parts.Length - 1; i++)
        {
            node = node is JsonArray array
                ? array[int.Parse(parts[i], CultureInfo.InvariantCulture)]!
                : node[parts[i]] ?? (node[parts[i]] = new JsonObject());
        }

        string last = parts[^1];
        JsonNode? parsed = value.Length == 0 ? null : JsonNode.Parse(value);
        switch (node)
        {
            case JsonArray list when last == "-":
                list.Add(parsed);
                break;
            case JsonArray list:
                list[int.Parse(last, CultureInfo.InvariantCulture)] = parsed;
                break;
            case JsonObject json when value.Length == 0:
                json.Remove(last);
                break;
            default:
                node[last] = parsed;
                break;
        }

        return config;
    }

    /// <summary>Applies pairs of path and value to the default config, and checks the result.</summary>
    public static List<string> Check(ValidationOptions options, params string[] changes)
    {
        JsonNode config = Default();
        for (int i = 0; i < changes.Length; i += 2)
        {
            _ = Set(config, changes[i], changes[i + 1]);
        }

        var warnings = new List<string>();
        ConfigValidator.Check(ConfigReader.Parse(Encoding.UTF8.GetBytes(config.ToJsonString())), options, warnings);
        return warnings;
    }

    /// <summary>The changes must be refused; the message without its prefix.</summary>
    public static string Refused(params string[] changes) => Refused(new ValidationOptions(), changes);

    public static string Refused(ValidationOptions options, params string[] changes)
    {
        const string Prefix = "invalid config: ";
        string message = Assert.Throws<ContainerException>(() => Check(options, changes)).Message;
        Assert.StartsWith(Prefix, message, StringComparison.Ordinal);
        return message[Prefix.Length..];
    }

    /// <summary>The changes must be accepted without a warning.</summary>
    public static void Accepted(params string[] changes) => Assert.Empty(Check(new ValidationOptions(), changes));
}
