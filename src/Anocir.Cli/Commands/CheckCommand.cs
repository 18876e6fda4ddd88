using System;
using System.Buffers;
using System.Collections.Generic;
using System.Text.Json;
using Anocir.Cli.CommandLine;
using Anocir.Cli.Output;
using Anocir.Runtime.Checks;
using Anocir.Runtime.Lifecycle;
using Anocir.Runtime.State;

namespace Anocir.Cli.Commands;

/// <summary><c>anocir check</c>.</summary>
internal static class CheckCommand
{
    public static int Run(Arguments arguments)
    {
        CreateOptions? create = arguments.Operand(0) is { } bundle
            ? new CreateOptions { Id = ContainerId.Parse("check"), Bundle = bundle, ConfigFile = arguments.Path(OptionId.ConfigFile) }
            : null;
        CheckReport report = CheckOperation.Run(arguments.Runtime, create);
        if (arguments.Has(OptionId.Json))
        {
            StandardOutput.Write(Json(report).Span);
        }
        else
        {
            StandardOutput.Write(TableOf(report));
        }

        return report.IsOk ? 0 : 1;
    }

    private static string TableOf(CheckReport report)
    {
        List<string[]> rows = [["RESULT", "PROPERTY", "FOUND", "TO DO"]];
        foreach (Finding finding in report.Findings)
        {
            rows.Add([Word(finding.Level), finding.Property, finding.Message, finding.Fix]);
        }

        return Table.Format(rows);
    }

    private static ReadOnlyMemory<byte> Json(CheckReport report)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (Utf8JsonWriter json = StateDocument.Writer(buffer, indented: true))
        {
            json.WriteStartObject();
            json.WriteBoolean("ok"u8, report.IsOk);
            json.WriteStartArray("findings"u8);
            foreach (Finding finding in report.Findings)
            {
                json.WriteStartObject();
                json.WriteString("level"u8, Word(finding.Level));
                json.WriteString("property"u8, finding.Property);
                json.WriteString("message"u8, finding.Message);
                json.WriteString("fix"u8, finding.Fix);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenMemory;
    }

    private static string Word(FindingLevel level) => level switch
    {
        FindingLevel.Ok => "ok",
        FindingLevel.Warning => "warning",
        _ => "error",
    };
}
