using System;
using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Anocir.Plan;
using Anocir.Runtime.Planning;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>The plan command: the ordered steps that create would hand to anocir-init, without running anything.</summary>
public static class PlanDump
{
    /// <summary>The steps of a bundle as text, one a line, or as a JSON array.</summary>
    public static ReadOnlyMemory<byte> Render(RuntimeOptions options, CreateOptions create, bool json)
    {
        ContainerBundle bundle = ContainerBundle.Load(options, create);
        PlanWriter plan = InitPlanner.Build(Inputs(options, create, bundle), out PlanWriter? sources);
        var buffer = new ArrayBufferWriter<byte>(16 * 1024);
        if (json)
        {
            WriteJson(buffer, plan, sources);
        }
        else
        {
            WriteText(buffer, "helper and init", plan);
            if (sources is not null)
            {
                WriteText(buffer, "helper that opens mount sources", sources);
            }
        }

        return buffer.WrittenMemory;
    }

    // As LaunchFiles does, but with nothing opened: slots have no fds.
    private static PlanInputs Inputs(RuntimeOptions options, CreateOptions create, ContainerBundle bundle)
    {
        string id = create.Id.Value is { Length: > 0 } name ? name : "CONTAINER-ID";
        var dry = new RuntimeOptions { Root = options.Root, SeccompCache = false, Log = options.Log };
        using var cgroups = ContainerCgroups.For(options, bundle.Config, id);
        using var files = new LaunchFiles();
        return files.Inputs(bundle, create, ContainerRecords.Intent(id, bundle, cgroups.Record), cgroups, -1, cgroups.PlacesHelper ? new WaitingHelperFds(-1, 0) : null, dry);
    }

    private static void WriteText(ArrayBufferWriter<byte> buffer, string title, PlanWriter plan)
    {
        var text = new StringBuilder();
        text.Append("# ").Append(title).Append(": ").Append(plan.Count.ToString(CultureInfo.InvariantCulture)).Append(" steps\n");
        for (int i = 0; i < plan.Count; i++)
        {
            text.Append(i.ToString(CultureInfo.InvariantCulture).PadLeft(4)).Append("  ");
            text.Append(StepNames.Of((StepKind)plan.Steps[i].Kind).PadRight(21));
            foreach ((string name, string value) in StepOperands.Of(plan, i))
            {
                text.Append(' ').Append(name).Append('=').Append(value);
            }

            if (plan.OriginOf(i).Length > 0)
            {
                text.Append("  # ").Append(plan.OriginOf(i));
            }

            text.Append('\n');
        }

        buffer.Write(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static void WriteJson(ArrayBufferWriter<byte> buffer, PlanWriter plan, PlanWriter? sources)
    {
        using (Utf8JsonWriter json = StateDocument.Writer(buffer, indented: true))
        {
            json.WriteStartObject();
            json.WriteNumber("version"u8, PlanHeader.CurrentVersion);
            WriteSteps(json, "steps", plan);
            if (sources is not null)
            {
                WriteSteps(json, "sourceSteps", sources);
            }

            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
    }

    private static void WriteSteps(Utf8JsonWriter json, string name, PlanWriter plan)
    {
        json.WriteStartArray(name);
        for (int i = 0; i < plan.Count; i++)
        {
            json.WriteStartObject();
            json.WriteNumber("index"u8, i);
            json.WriteString("kind"u8, StepNames.Of((StepKind)plan.Steps[i].Kind));
            json.WriteString("property"u8, plan.OriginOf(i));
            json.WriteStartObject("operands"u8);
            foreach ((string operand, string value) in StepOperands.Of(plan, i))
            {
                json.WriteString(operand, value);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
