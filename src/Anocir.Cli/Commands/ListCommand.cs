using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Anocir.Cli.CommandLine;
using Anocir.Cli.Output;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Lifecycle;
using Anocir.Runtime.State;

namespace Anocir.Cli.Commands;

/// <summary><c>anocir list</c>.</summary>
internal static class ListCommand
{
    public static int Run(Arguments arguments)
    {
        List<ContainerSnapshot> containers = ListQuery.All(arguments.Runtime);
        if (arguments.Has(OptionId.Quiet))
        {
            StandardOutput.Write(Ids(containers));
            return 0;
        }

        switch (arguments.Text(OptionId.ListFormat) ?? "table")
        {
            case "table":
                StandardOutput.Write(TableOf(containers));
                return 0;
            case "json":
                StandardOutput.Write(Json(containers).Span);
                return 0;
            default:
                throw new ContainerException("invalid format option");
        }
    }

    private static string Ids(List<ContainerSnapshot> containers)
    {
        var text = new StringBuilder();
        foreach (ContainerSnapshot container in containers)
        {
            text.Append(container.Record.Id).Append('\n');
        }

        return text.ToString();
    }

    private static string TableOf(List<ContainerSnapshot> containers)
    {
        List<string[]> rows = [["ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER"]];
        foreach (ContainerSnapshot container in containers)
        {
            rows.Add([
                container.Record.Id, container.Pid.ToString(CultureInfo.InvariantCulture), ContainerProcess.Text(container.Status),
                container.Record.Bundle, container.Record.Created, UserNames.Get(container.Record.OwnerUid),
            ]);
        }

        return Table.Format(rows);
    }

    // "null" for none: that is what Go makes of runc's empty slice, and what clients of runc parse.
    private static ReadOnlyMemory<byte> Json(List<ContainerSnapshot> containers)
    {
        if (containers.Count == 0)
        {
            return "null\n"u8.ToArray();
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (Utf8JsonWriter json = StateDocument.Writer(buffer, indented: false))
        {
            json.WriteStartArray();
            foreach (ContainerSnapshot container in containers)
            {
                StateDocument.WriteListItem(json, container.Record, container.Status, UserNames.Get(container.Record.OwnerUid));
            }

            json.WriteEndArray();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenMemory;
    }
}
