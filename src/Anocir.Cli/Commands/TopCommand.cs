using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.Text.Json;
using Anocir.Cli.CommandLine;
using Anocir.Cli.Output;
using Anocir.Linux;
using Anocir.Runtime.Cgroups.Statistics;
using Anocir.Runtime.Lifecycle;
using Anocir.Runtime.State;

namespace Anocir.Cli.Commands;

/// <summary><c>anocir top</c>.</summary>
internal static class TopCommand
{
    private const string ClearScreen = "\u001b[H\u001b[2J";
    private const int OnceMilliseconds = 200;

    public static int Run(Arguments arguments)
    {
        bool once = arguments.Has(OptionId.Once);
        bool json = arguments.Has(OptionId.Json);
        int interval = arguments.Text(OptionId.TopInterval) is { } text ? Durations.ParseInterval(text) : once ? OnceMilliseconds : 2000;
        var query = new TopQuery(arguments.Runtime);
        _ = query.Next();
        bool isTerminal = Sys.IsTerminal(1) && !json;
        do
        {
            TopQuery.Wait(interval);
            List<TopRow> rows = query.Next();
            if (json)
            {
                StandardOutput.Write(Json(rows).Span);
            }
            else
            {
                StandardOutput.Write((isTerminal && !once ? ClearScreen : "") + Text(rows) + (isTerminal || once ? "" : "\n"));
            }
        }
        while (!once);
        return 0;
    }

    private static string Text(List<TopRow> rows)
    {
        List<string[]> table = [["ID", "PID", "STATUS", "CPU%", "MEMORY", "LIMIT", "PIDS", "READ", "WRITTEN", "PSI CPU", "MEM", "IO"]];
        foreach (TopRow row in rows)
        {
            CgroupStatistics s = row.Statistics;
            table.Add([
                row.Container.Record.Id, Number((ulong)row.Container.Pid), ContainerProcess.Text(row.Container.Status), Percent(row.CpuPercent),
                ByteSize.Short(s.Memory.Usage.Usage), row.MemoryLimit is { } limit ? ByteSize.Short(limit) : "-",
                Number(s.PidsCurrent) + (s.PidsLimit == 0 ? "" : "/" + Number(s.PidsLimit)),
                ByteSize.Short(row.Bytes("Read")), ByteSize.Short(row.Bytes("Write")),
                Percent(s.Cpu.Pressure?.Some.Avg10), Percent(s.Memory.Pressure?.Some.Avg10), Percent(s.Block.Pressure?.Some.Avg10),
            ]);
        }

        return Table.Format(table);
    }

    private static ReadOnlyMemory<byte> Json(List<TopRow> rows)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (Utf8JsonWriter json = StateDocument.Writer(buffer, indented: false))
        {
            json.WriteStartArray();
            foreach (TopRow row in rows)
            {
                WriteRow(json, row);
            }

            json.WriteEndArray();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenMemory;
    }

    private static void WriteRow(Utf8JsonWriter json, TopRow row)
    {
        CgroupStatistics s = row.Statistics;
        json.WriteStartObject();
        json.WriteString("id", row.Container.Record.Id);
        json.WriteNumber("pid", row.Container.Pid);
        json.WriteString("status", ContainerProcess.Text(row.Container.Status));
        json.WriteStartObject("cpu");
        json.WriteNumber("percent", Math.Round(row.CpuPercent ?? 0, 2));
        json.WriteNumber("total", s.Cpu.Total);
        EventDocument.WritePressure(json, "psi", s.Cpu.Pressure);
        json.WriteEndObject();
        json.WriteStartObject("memory");
        json.WriteNumber("usage", s.Memory.Usage.Usage);
        Limit(json, row.MemoryLimit);
        EventDocument.WritePressure(json, "psi", s.Memory.Pressure);
        json.WriteEndObject();
        json.WriteStartObject("pids");
        json.WriteNumber("current", s.PidsCurrent);
        Limit(json, s.PidsLimit == 0 ? null : s.PidsLimit);
        json.WriteEndObject();
        json.WriteStartObject("io");
        json.WriteNumber("readBytes", row.Bytes("Read"));
        json.WriteNumber("writtenBytes", row.Bytes("Write"));
        EventDocument.WritePressure(json, "psi", s.Block.Pressure);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Limit(Utf8JsonWriter json, ulong? limit)
    {
        if (limit is { } number)
        {
            json.WriteNumber("limit", number);
        }
        else
        {
            json.WriteNull("limit");
        }
    }

    private static string Number(ulong value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Percent(double? value) => value?.ToString("F1", CultureInfo.InvariantCulture) ?? "-";
}
