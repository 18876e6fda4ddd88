using System;
using System.Buffers;
using System.Collections.Generic;
using System.Text.Json;
using Anocir.Runtime.Logging;

namespace Anocir.Runtime.State;

/// <summary>Writes a <see cref="ContainerRecord"/> as the JSON of state.json (layout: docs/state.md).</summary>
public static class ContainerRecordWriter
{
    /// <summary>The record as UTF-8 JSON, one object, no newline at the end.</summary>
    public static ArrayBufferWriter<byte> Write(ContainerRecord record)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions
        {
            Encoder = PlainJsonEncoder.Instance,
            SkipValidation = true,
        });
        json.WriteStartObject();
        json.WriteNumber("version"u8, ContainerRecord.CurrentVersion);
        json.WriteString("id"u8, record.Id);
        json.WriteString("ociVersion"u8, record.OciVersion);
        json.WriteString("status"u8, record.Stage == RecordStage.Creating ? "creating"u8 : "created"u8);
        json.WriteNumber("pid"u8, record.Pid);
        json.WriteNumber("pidStartTime"u8, record.PidStartTime);
        json.WriteNumber("creatorPid"u8, record.CreatorPid);
        json.WriteNumber("creatorStartTime"u8, record.CreatorStartTime);
        json.WriteNumber("initDevice"u8, record.InitDevice);
        json.WriteNumber("initInode"u8, record.InitInode);
        json.WriteString("bundle"u8, record.Bundle);
        json.WriteString("rootfs"u8, record.Rootfs);
        json.WriteString("created"u8, record.Created);
        json.WriteNumber("ownerUid"u8, record.OwnerUid);
        WriteAnnotations(json, record.Annotations);
        if (record.Cgroup is { } cgroup)
        {
            WriteCgroup(json, cgroup);
        }

        if (record.Resctrl is { } resctrl)
        {
            json.WriteStartObject("resctrl"u8);
            json.WriteString("group"u8, resctrl.Group);
            json.WriteBoolean("remove"u8, resctrl.Remove);
            if (resctrl.Monitor is { } monitor)
            {
                json.WriteString("monitor"u8, monitor);
            }

            json.WriteEndObject();
        }

        json.WriteBoolean("privatePidNamespace"u8, record.HasPrivatePidNamespace);
        if (record.HostMount is { } mount)
        {
            json.WriteNumber("hostMount"u8, mount);
        }

        if (record.NoNewKeyring)
        {
            json.WriteBoolean("noNewKeyring"u8, true);
        }

        if (record.Streams.Count > 0)
        {
            WriteTexts(json, "streams"u8, record.Streams);
        }

        if (record.StartsPlainly)
        {
            json.WriteBoolean("startsPlainly"u8, true);
        }

        json.WriteBoolean("hasPoststart"u8, record.HasPoststart);
        json.WriteBoolean("hasPoststop"u8, record.HasPoststop);
        json.WriteEndObject();
        json.Flush();
        return buffer;
    }

    private static void WriteAnnotations(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<string, string>> annotations)
    {
        json.WriteStartObject("annotations"u8);
        for (int i = 0; i < annotations.Count; i++)
        {
            json.WriteString(annotations[i].Key, annotations[i].Value);
        }

        json.WriteEndObject();
    }

    private static void WriteCgroup(Utf8JsonWriter json, CgroupRecord cgroup)
    {
        json.WriteStartObject("cgroup"u8);
        json.WriteString("driver"u8, cgroup.Driver);
        json.WriteNumber("version"u8, cgroup.Version);
        WriteTexts(json, "paths"u8, cgroup.Paths);
        if (cgroup.Controllers.Count > 0)
        {
            WriteTexts(json, "controllers"u8, cgroup.Controllers);
        }

        if (cgroup.Freezer is { } freezer)
        {
            json.WriteString("freezer"u8, freezer);
        }

        if (cgroup.Unit is { } unit)
        {
            json.WriteString("unit"u8, unit);
        }

        if (cgroup.UserBus is { } bus)
        {
            json.WriteString("userBus"u8, bus);
        }

        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        for (int i = 0; i < texts.Count; i++)
        {
            json.WriteStringValue(texts[i]);
        }

        json.WriteEndArray();
    }
}
