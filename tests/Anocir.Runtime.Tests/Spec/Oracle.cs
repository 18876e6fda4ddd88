using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Serialization;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Tests.Spec;

/// <summary>The base library's serialiser on the same model, by reflection: what the hand-written reader is compared with.</summary>
internal static class Oracle
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNameCaseInsensitive = true, // hostID, kernelTCP, execCPUAffinity
        WriteIndented = true,
        Converters =
        {
            new JsonStringEnumConverter<NamespaceType>(), new PairsConverter<string>(), new PairsConverter<NetDevice>(),
            new PairsConverter<RdmaResources>(),
        },
    };

    public static RuntimeConfig Read(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize<RuntimeConfig>(json, s_options)!;

    /// <summary>All properties as text, to compare two models.</summary>
    public static string Write(RuntimeConfig config) => JsonSerializer.Serialize(config, s_options);

    private sealed class PairsConverter<T> : JsonConverter<KeyValuePair<string, T>[]>
    {
        public override KeyValuePair<string, T>[] Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            [.. JsonSerializer.Deserialize<OrderedDictionary<string, T>>(ref reader, options)!];

        public override void Write(Utf8JsonWriter writer, KeyValuePair<string, T>[] value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.Select(p => new { p.Key, p.Value }), options);
    }
}
