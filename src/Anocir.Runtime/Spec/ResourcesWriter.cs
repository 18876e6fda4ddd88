using System;
using System.Buffers;
using System.Collections.Generic;
using System.Text.Json;
using Anocir.Runtime.Logging;

namespace Anocir.Runtime.Spec;

/// <summary>Writes linux.resources as JSON, so that <see cref="ConfigReader.ParseResources"/> reads the same model again.</summary>
public static class ResourcesWriter
{
    /// <summary>One compact object; what is not set is left out.</summary>
    public static ReadOnlyMemory<byte> Write(Resources resources)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = PlainJsonEncoder.Instance }))
        {
            json.WriteStartObject();
            Array(json, "devices", resources.Devices, WriteDevice);
            Object(json, "memory", resources.Memory, WriteMemory);
            Object(json, "cpu", resources.Cpu, WriteCpu);
            Object(json, "pids", resources.Pids, static (json, pids) => Number(json, "limit", pids.Limit));
            Object(json, "blockIO", resources.BlockIO, WriteBlockIo);
            Array(json, "hugepageLimits", resources.HugepageLimits, static (json, limit) =>
            {
                json.WriteString("pageSize", limit.PageSize);
                json.WriteNumber("limit", limit.Limit);
            });
            Object(json, "network", resources.Network, WriteNetwork);
            WriteMaps(json, resources);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void WriteDevice(Utf8JsonWriter json, DeviceRule rule)
    {
        json.WriteBoolean("allow", rule.Allow);
        Text(json, "type", rule.Type);
        Number(json, "major", rule.Major);
        Number(json, "minor", rule.Minor);
        Text(json, "access", rule.Access);
    }

    private static void WriteMemory(Utf8JsonWriter json, MemoryResources memory)
    {
        Number(json, "limit", memory.Limit);
        Number(json, "reservation", memory.Reservation);
        Number(json, "swap", memory.Swap);
        Number(json, "kernel", memory.Kernel);
        Number(json, "kernelTCP", memory.KernelTcp);
        Number(json, "swappiness", memory.Swappiness);
        Flag(json, "disableOOMKiller", memory.DisableOomKiller);
        Flag(json, "useHierarchy", memory.UseHierarchy);
        Flag(json, "checkBeforeUpdate", memory.CheckBeforeUpdate);
    }

    private static void WriteCpu(Utf8JsonWriter json, CpuResources cpu)
    {
        Number(json, "shares", cpu.Shares);
        Number(json, "quota", cpu.Quota);
        Number(json, "burst", cpu.Burst);
        Number(json, "period", cpu.Period);
        Number(json, "realtimeRuntime", cpu.RealtimeRuntime);
        Number(json, "realtimePeriod", cpu.RealtimePeriod);
        Text(json, "cpus", cpu.Cpus);
        Text(json, "mems", cpu.Mems);
        Number(json, "idle", cpu.Idle);
    }

    private static void WriteBlockIo(Utf8JsonWriter json, BlockIoResources block)
    {
        Number(json, "weight", (ulong?)block.Weight);
        Number(json, "leafWeight", (ulong?)block.LeafWeight);
        Array(json, "weightDevice", block.WeightDevice, static (json, device) =>
        {
            json.WriteNumber("major", device.Major);
            json.WriteNumber("minor", device.Minor);
            Number(json, "weight", (ulong?)device.Weight);
            Number(json, "leafWeight", (ulong?)device.LeafWeight);
        });
        Array(json, "throttleReadBpsDevice", block.ThrottleReadBpsDevice, WriteThrottle);
        Array(json, "throttleWriteBpsDevice", block.ThrottleWriteBpsDevice, WriteThrottle);
        Array(json, "throttleReadIOPSDevice", block.ThrottleReadIopsDevice, WriteThrottle);
        Array(json, "throttleWriteIOPSDevice", block.ThrottleWriteIopsDevice, WriteThrottle);
    }

    private static void WriteThrottle(Utf8JsonWriter json, ThrottleDevice device)
    {
        json.WriteNumber("major", device.Major);
        json.WriteNumber("minor", device.Minor);
        json.WriteNumber("rate", device.Rate);
    }

    private static void WriteNetwork(Utf8JsonWriter json, NetworkResources network)
    {
        Number(json, "classID", (ulong?)network.ClassId);
        Array(json, "priorities", network.Priorities, static (json, priority) =>
        {
            json.WriteString("name", priority.Name);
            json.WriteNumber("priority", priority.Priority);
        });
    }

    private static void WriteMaps(Utf8JsonWriter json, Resources resources)
    {
        if (resources.Rdma.Length > 0)
        {
            json.WriteStartObject("rdma");
            foreach ((string device, RdmaResources limits) in resources.Rdma)
            {
                json.WriteStartObject(device);
                Number(json, "hcaHandles", (ulong?)limits.HcaHandles);
                Number(json, "hcaObjects", (ulong?)limits.HcaObjects);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        if (resources.Unified.Length > 0)
        {
            json.WriteStartObject("unified");
            foreach (KeyValuePair<string, string> pair in resources.Unified)
            {
                json.WriteString(pair.Key, pair.Value);
            }

            json.WriteEndObject();
        }
    }

    private static void Object<T>(Utf8JsonWriter json, string name, T? value, Action<Utf8JsonWriter, T> write)
        where T : class
    {
        if (value is not null)
        {
            json.WriteStartObject(name);
            write(json, value);
            json.WriteEndObject();
        }
    }

    private static void Array<T>(Utf8JsonWriter json, string name, T[] items, Action<Utf8JsonWriter, T> write)
    {
        if (items.Length == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (T item in items)
        {
            json.WriteStartObject();
            write(json, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Number(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    private static void Number(Utf8JsonWriter json, string name, ulong? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    private static void Flag(Utf8JsonWriter json, string name, bool? value)
    {
        if (value is { } flag)
        {
            json.WriteBoolean(name, flag);
        }
    }

    private static void Text(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
