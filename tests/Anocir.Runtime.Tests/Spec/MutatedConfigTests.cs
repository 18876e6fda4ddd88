using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;
using Anocir.Runtime.Tests.Validation;
using Anocir.Runtime.Validation;
using CsCheck;
using Xunit;

namespace Anocir.Runtime.Tests.Spec;

/// <summary>Whatever is wrong with a config.json, the user gets one line that names the place.</summary>
public sealed partial class MutatedConfigTests
{
    private static readonly string[] s_absurd =
    [
        "null", "true", "0", "-1", "1e400", "4294967296", "18446744073709551616", "-9223372036854775809", "0.5", "\"\"", "\"\\u0000\"",
        "\"\\ud800\"", "\"..\"", "\"/proc/self\"", "\"a\\nb\"", "[]", "[null]", "[[]]", "{}", "{\"\":null}",
        "\"" + "x/../".PadRight(5000, 'y') + "\"",
    ];

    private static readonly string[] s_bases =
    [
        FullConfig.Json,
        WithoutUnbuilt(FullConfig.Json),
        Encoding.UTF8.GetString(SpecDocument.Write(false, 0, 0, true).Span),
        Encoding.UTF8.GetString(SpecDocument.Write(true, 1000, 1000, false).Span),
    ];

    private delegate byte[] Mutation(JsonNode config, Random random);

    [Fact]
    public void WhatIsBuiltIsAcceptedAsItIs()
    {
        // The full config joins a network namespace that does not exist, which only its sysctl makes a check look at.
        string json = s_bases[1].Replace("net.ipv4.ip_forward", "fs.mqueue.msg_max", StringComparison.Ordinal);
        var warnings = new List<string>();
        ConfigValidator.Check(ConfigReader.Parse(Encoding.UTF8.GetBytes(json)), new ValidationOptions(), warnings);
        Assert.Equal(["linux.personality.flags: the specification defines no flags, ignoring"], warnings);
    }

    [Fact]
    public void DroppedProperty() => Check((config, random) =>
    {
        (JsonNode parent, string? name) = Pick(config, random);
        Remove(parent, name, random);
        return Bytes(config);
    });

    [Fact]
    public void RetypedValue() => Check((config, random) =>
    {
        (JsonNode parent, string? name) = Pick(config, random);
        return Retype(config, parent, name, random, s_absurd[random.Next(s_absurd.Length)]);
    });

    /// <summary>The random mutations meet a value that a message shows whole too seldom.</summary>
    [Fact]
    public void EachValueAbsurd()
    {
        foreach (string json in s_bases)
        {
            int places = Places(JsonNode.Parse(json)!).Count;
            for (int i = 0; i < places * s_absurd.Length; i++)
            {
                JsonNode config = JsonNode.Parse(json)!;
                (JsonNode parent, string? name) = Places(config)[i % places];
                _ = Judge(Retype(config, parent, name, new Random(i), s_absurd[i / places]));
            }
        }
    }

    [Fact]
    public void DuplicatedProperty() => Check((config, random) =>
    {
        (JsonNode parent, string? name) = Pick(config, random);
        if (name is null)
        {
            var list = (JsonArray)parent;
            list.Add(list.Count == 0 ? null : list[random.Next(list.Count)]?.DeepClone());
            return Bytes(config);
        }

        parent["@@@"] = parent[name]?.DeepClone();
        return Encoding.UTF8.GetBytes(config.ToJsonString().Replace("\"@@@\"", "\"" + name + "\"", StringComparison.Ordinal));
    });

    [Fact]
    public void SwappedValues() => Check((config, random) =>
    {
        (JsonNode from, string? fromName) = Pick(config, random);
        JsonNode? value = fromName is null ? from.DeepClone() : from[fromName]?.DeepClone();
        (JsonNode to, string? toName) = Pick(config, random);
        Put(to, toName, random, value);
        return Bytes(config);
    });

    [Fact]
    public void TruncatedText() => Check((config, random) =>
    {
        byte[] bytes = Bytes(config);
        return bytes[..random.Next(bytes.Length)];
    });

    [Fact]
    public void DamagedBytes() => Check((config, random) =>
    {
        byte[] bytes = Bytes(config);
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return bytes;
    });

    [Fact]
    public void Noise() => Gen.Byte.Array[0, 200].Sample(bytes => Judge(bytes), iter: 2000);

    private static void Check(Mutation mutation) =>
        Gen.Select(Gen.Int[0, s_bases.Length - 1], Gen.Int[0, int.MaxValue - 1]).Sample(
            (index, seed) => Judge(mutation(JsonNode.Parse(s_bases[index])!, new Random(seed))), iter: 1500);

    /// <summary>Accepted, or refused by the one exception with one readable line.</summary>
    private static bool Judge(byte[] json)
    {
        try
        {
            ConfigValidator.Check(ConfigReader.Parse(json), new ValidationOptions { Rootless = json.Length % 2 == 0 }, []);
            return true;
        }
        catch (ContainerException e)
        {
            bool known = Shape().IsMatch(e.Message)
                || e.Message == "config cannot be null"
                || e.Message.StartsWith("invalid netns path: ", StringComparison.Ordinal)
                || e.Message.EndsWith("namespaces aren't enabled in the kernel", StringComparison.Ordinal);
            bool printable = e.Message.All(c => !char.IsControl(c) && c is not ('\u2028' or '\u2029'));
            return known && printable && e.Message.Length < 1000
                ? true
                : throw new InvalidOperationException("bad message: " + e.Message + " for " + Encoding.UTF8.GetString(json));
        }
    }

    // A path such as process.rlimits[1].hard or linux.sysctl["a.b"], then the rule.
    [GeneratedRegex("""
        ^invalid\ config:\ (top\ level|line\ [0-9]+,\ column\ [0-9]+|
        (\[".*"\]|[A-Za-z0-9_-]+)((\.[A-Za-z0-9_-]+)|(\[[0-9]+\])|(\[".*"\]))*):\ .
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Shape();

    /// <summary>Some object with one of its names, or some array.</summary>
    private static (JsonNode Parent, string? Name) Pick(JsonNode config, Random random)
    {
        List<(JsonNode, string?)> places = Places(config);
        return places[random.Next(places.Count)];
    }

    private static List<(JsonNode Parent, string? Name)> Places(JsonNode config)
    {
        var places = new List<(JsonNode, string?)>();
        Collect(config, places);
        return places;
    }

    private static void Collect(JsonNode? node, List<(JsonNode, string?)> places)
    {
        switch (node)
        {
            case JsonObject json:
                foreach (KeyValuePair<string, JsonNode?> property in json)
                {
                    places.Add((json, property.Key));
                    Collect(property.Value, places);
                }

                break;
            case JsonArray list:
                places.Add((list, null));
                foreach (JsonNode? item in list)
                {
                    Collect(item, places);
                }

                break;
        }
    }

    private static void Remove(JsonNode parent, string? name, Random random)
    {
        if (name is not null)
        {
            _ = parent.AsObject().Remove(name);
        }
        else if (parent.AsArray() is { Count: > 0 } list)
        {
            list.RemoveAt(random.Next(list.Count));
        }
    }

    /// <summary>The config with some JSON text, valid or not, in this place.</summary>
    private static byte[] Retype(JsonNode config, JsonNode parent, string? name, Random random, string json)
    {
        const string Marker = "\"@@@\"";
        Put(parent, name, random, JsonNode.Parse(Marker));
        return Encoding.UTF8.GetBytes(config.ToJsonString().Replace(Marker, json, StringComparison.Ordinal));
    }

    private static void Put(JsonNode parent, string? name, Random random, JsonNode? value)
    {
        if (name is not null)
        {
            parent[name] = value;
        }
        else if (parent.AsArray() is { Count: > 0 } list)
        {
            list[random.Next(list.Count)] = value;
        }
        else
        {
            parent.AsArray().Add(value);
        }
    }

    // What is not built is refused before anything else is looked at.
    private static string WithoutUnbuilt(string json)
    {
        JsonNode config = JsonNode.Parse(json)!;
        foreach (string path in (string[])[
            "process/apparmorProfile", "process/selinuxLabel", "process/scheduler", "process/ioPriority", "linux/mountLabel",
            "linux/intelRdt", "linux/memoryPolicy", "linux/netDevices", "linux/seccomp/listenerPath", "linux/seccomp/listenerMetadata",
            "linux/resources/memory", "linux/resources/cpu", "linux/resources/pids", "linux/resources/blockIO",
            "linux/resources/hugepageLimits", "linux/resources/network", "linux/resources/rdma", "linux/resources/unified"])
        {
            _ = TestConfig.Set(config, path, "");
        }

        return config.ToJsonString();
    }

    private static byte[] Bytes(JsonNode config) => Encoding.UTF8.GetBytes(config.ToJsonString());
}
