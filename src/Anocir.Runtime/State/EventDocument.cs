using System;
using System.Buffers;
using System.Collections.Generic;
using System.Text.Json;
using Anocir.Runtime.Cgroups.Statistics;
using Anocir.Runtime.Resctrl;

namespace Anocir.Runtime.State;

/// <summary>The lines of the events command: runc's members in runc's order, zeros left out where Go's encoder leaves them out.</summary>
public static partial class EventDocument
{
    /// <summary><c>{"type":"oom","id":"ID"}</c> and a newline.</summary>
    public static ReadOnlyMemory<byte> Oom(string id) => Line("oom", id, null);

    /// <summary><c>{"type":"stats","id":"ID","data":{…}}</c> and a newline.</summary>
    /// <param name="id">The container.</param>
    /// <param name="statistics">What its cgroup counted.</param>
    /// <param name="resctrl">What its resctrl group counted; null = it has none, <c>intel_rdt</c> is then empty.</param>
    public static ReadOnlyMemory<byte> Stats(string id, CgroupStatistics statistics, ResctrlStatistics? resctrl = null) =>
        Line("stats", id, statistics, resctrl);

    private static ReadOnlyMemory<byte> Line(string type, string id, CgroupStatistics? statistics, ResctrlStatistics? resctrl = null)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (Utf8JsonWriter json = StateDocument.Writer(buffer, indented: false))
        {
            json.WriteStartObject();
            json.WriteString("type", type);
            json.WriteString("id", id);
            if (statistics is not null)
            {
                json.WriteStartObject("data");
                WriteData(json, statistics, resctrl);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenMemory;
    }

    private static void WriteData(Utf8JsonWriter json, CgroupStatistics statistics, ResctrlStatistics? resctrl)
    {
        WriteCpu(json, statistics.Cpu);
        WriteCpuset(json, statistics.Cpuset);
        WriteMemory(json, statistics.Memory);
        json.WriteStartObject("pids");
        NotZero(json, "current", statistics.PidsCurrent);
        NotZero(json, "limit", statistics.PidsLimit);
        json.WriteEndObject();
        WriteBlock(json, statistics.Block);
        json.WriteStartObject("hugetlb");
        foreach ((string size, HugepageStatistics pages) in statistics.Hugepages)
        {
            json.WriteStartObject(size);
            NotZero(json, "usage", pages.Usage);
            NotZero(json, "max", pages.Max);
            json.WriteNumber("failcnt", pages.Failures);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        WriteResctrl(json, resctrl);
        json.WriteNull("network_interfaces"); // runc fills it only for networks that it makes itself, which no config can ask for
    }

    private static void WriteCpu(Utf8JsonWriter json, CpuStatistics cpu)
    {
        json.WriteStartObject("cpu");

        // Objects are there when all in them is 0, as runc writes them up to 1.3; later ones leave them out, and their readers do not mind.
        json.WriteStartObject("usage");
        NotZero(json, "total", cpu.Total);
        Numbers(json, "percpu", cpu.PerCpu);
        Numbers(json, "percpu_kernel", cpu.PerCpuKernel);
        Numbers(json, "percpu_user", cpu.PerCpuUser);
        json.WriteNumber("kernel", cpu.Kernel);
        json.WriteNumber("user", cpu.User);
        json.WriteEndObject();
        json.WriteStartObject("throttling");
        NotZero(json, "periods", cpu.Periods);
        NotZero(json, "throttledPeriods", cpu.ThrottledPeriods);
        NotZero(json, "throttledTime", cpu.ThrottledTime);
        json.WriteEndObject();

        WritePressure(json, "psi", cpu.Pressure);
        json.WriteEndObject();
    }

    private static void WriteCpuset(Utf8JsonWriter json, CpusetStatistics cpuset)
    {
        json.WriteStartObject("cpuset");
        Numbers(json, "cpus", Array.ConvertAll(cpuset.Cpus, static n => (ulong)n));
        for (int i = 0; i < CpusetStatistics.Names.Length; i++)
        {
            json.WriteNumber(CpusetStatistics.Names[i], cpuset.Values[i]);
            if (i == 0)
            {
                Numbers(json, "mems", Array.ConvertAll(cpuset.Mems, static n => (ulong)n));
            }
        }

        json.WriteNumber("sched_relax_domain_level", cpuset.RelaxDomainLevel);
        json.WriteEndObject();
    }

    private static void WriteMemory(Utf8JsonWriter json, MemoryStatistics memory)
    {
        json.WriteStartObject("memory");
        NotZero(json, "cache", memory.Cache);
        WriteUsage(json, "usage", memory.Usage);
        WriteUsage(json, "swap", memory.Swap);
        WriteUsage(json, "kernel", memory.Kernel);
        WriteUsage(json, "kernelTCP", memory.KernelTcp);
        if (memory.Raw.Count > 0)
        {
            json.WriteStartObject("raw");
            foreach (KeyValuePair<string, ulong> pair in memory.Raw)
            {
                json.WriteNumber(pair.Key, pair.Value);
            }

            json.WriteEndObject();
        }

        WritePressure(json, "psi", memory.Pressure);
        json.WriteEndObject();
    }

    private static void WriteUsage(Utf8JsonWriter json, string name, in MemoryUsage usage)
    {
        json.WriteStartObject(name);
        json.WriteNumber("limit", usage.Limit);
        NotZero(json, "usage", usage.Usage);
        NotZero(json, "max", usage.Max);
        json.WriteNumber("failcnt", usage.Failures);
        json.WriteEndObject();
    }

    private static void WriteBlock(Utf8JsonWriter json, BlockStatistics block)
    {
        json.WriteStartObject("blkio");
        for (int i = 0; i < block.Tables.Length; i++)
        {
            if (block.Tables[i].Length == 0)
            {
                continue;
            }

            json.WriteStartArray(BlockStatistics.Names[i]);
            foreach (BlockEntry entry in block.Tables[i])
            {
                json.WriteStartObject();
                NotZero(json, "major", entry.Major);
                NotZero(json, "minor", entry.Minor);
                if (entry.Operation.Length > 0)
                {
                    json.WriteString("op", entry.Operation);
                }

                NotZero(json, "value", entry.Value);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        WritePressure(json, "psi", block.Pressure);
        json.WriteEndObject();
    }

    /// <summary>A .pressure file as <c>{"some":{…},"full":{…}}</c>; nothing for null.</summary>
    public static void WritePressure(Utf8JsonWriter json, string name, Pressure? pressure)
    {
        if (pressure is null)
        {
            return;
        }

        json.WriteStartObject(name);
        WriteLine(json, "some", pressure.Some);
        WriteLine(json, "full", pressure.Full);
        json.WriteEndObject();
    }

    private static void WriteLine(Utf8JsonWriter json, string name, in PressureLine line)
    {
        json.WriteStartObject(name);
        json.WriteNumber("avg10", line.Avg10);
        json.WriteNumber("avg60", line.Avg60);
        json.WriteNumber("avg300", line.Avg300);
        json.WriteNumber("total", line.Total);
        json.WriteEndObject();
    }

    private static void NotZero(Utf8JsonWriter json, string name, ulong value)
    {
        if (value != 0)
        {
            json.WriteNumber(name, value);
        }
    }

    private static void Numbers(Utf8JsonWriter json, string name, ulong[] values)
    {
        if (values.Length == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (ulong value in values)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }
}
