using System;
using System.Buffers;
using System.Collections.Generic;
using System.Text.Json;
using Anocir.Runtime.Logging;

namespace Anocir.Runtime.State;

/// <summary>The JSON documents about a container that others read: hooks, engines, users.</summary>
public static class StateDocument
{
    /// <summary>The specification's state (runtime.md, "State"), which hooks get on standard input: compact, no newline.</summary>
    public static ReadOnlyMemory<byte> ForHook(ContainerRecord record, ContainerStatus status)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (Utf8JsonWriter json = Writer(buffer, indented: false))
        {
            json.WriteStartObject();
            json.WriteString("ociVersion"u8, BuildInfo.SpecVersion);
            json.WriteString("id"u8, record.Id);
            json.WriteString("status"u8, ContainerProcess.Text(status));
            if (status != ContainerStatus.Stopped && record.Pid > 0)
            {
                json.WriteNumber("pid"u8, record.Pid);
            }

            json.WriteString("bundle"u8, record.Bundle);
            WriteAnnotations(json, record.Annotations);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    /// <summary>What the state command prints: runc's members in runc's order, two spaces of indent, no newline at the end.</summary>
    public static ReadOnlyMemory<byte> ForState(ContainerRecord record, ContainerStatus status)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (Utf8JsonWriter json = Writer(buffer, indented: true))
        {
            WriteRuncObject(json, record, status, owner: "");
        }

        return buffer.WrittenMemory;
    }

    /// <summary>Adds one container to the array that <c>list --format json</c> prints; <paramref name="owner"/> is a user name.</summary>
    public static void WriteListItem(Utf8JsonWriter json, ContainerRecord record, ContainerStatus status, string owner) =>
        WriteRuncObject(json, record, status, owner);

    /// <summary>A writer that leaves everything unescaped that JSON allows, as engines are used to.</summary>
    public static Utf8JsonWriter Writer(IBufferWriter<byte> buffer, bool indented) =>
        new(buffer, new JsonWriterOptions { Indented = indented, Encoder = PlainJsonEncoder.Instance });

    private static void WriteRuncObject(Utf8JsonWriter json, ContainerRecord record, ContainerStatus status, string owner)
    {
        json.WriteStartObject();
        json.WriteString("ociVersion"u8, record.OciVersion);
        json.WriteString("id"u8, record.Id);
        json.WriteNumber("pid"u8, status == ContainerStatus.Stopped ? 0 : record.Pid);
        json.WriteString("status"u8, ContainerProcess.Text(status));
        json.WriteString("bundle"u8, record.Bundle);
        json.WriteString("rootfs"u8, record.Rootfs);
        json.WriteString("created"u8, record.Created);
        WriteAnnotations(json, record.Annotations);
        json.WriteString("owner"u8, owner);
        json.WriteEndObject();
    }

    private static void WriteAnnotations(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<string, string>> annotations)
    {
        if (annotations.Count == 0)
        {
            return;
        }

        json.WriteStartObject("annotations"u8);
        for (int i = 0; i < annotations.Count; i++)
        {
            json.WriteString(annotations[i].Key, annotations[i].Value);
        }

        json.WriteEndObject();
    }
}
