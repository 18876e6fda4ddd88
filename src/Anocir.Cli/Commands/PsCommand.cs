using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Anocir.Cli.CommandLine;
using Anocir.Cli.Output;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Lifecycle;
using Anocir.Runtime.State;

namespace Anocir.Cli.Commands;

/// <summary><c>anocir ps</c>.</summary>
internal static class PsCommand
{
    public static int Run(Arguments arguments)
    {
        List<int> pids = ProcessesQuery.Get(arguments.Runtime, ContainerId.Parse(arguments.Operand(0)!));
        switch (arguments.Text(OptionId.PsFormat) ?? "table")
        {
            case "table":
                string[] options = new string[arguments.Count - 1];
                for (int i = 0; i < options.Length; i++)
                {
                    options[i] = arguments.Operand(i + 1)!;
                }

                StandardOutput.Write(ProcessesQuery.Table(pids, options));
                return 0;
            case "json":
                StandardOutput.Write(Json(pids));
                return 0;
            default:
                throw new ContainerException("invalid format option");
        }
    }

    // "null" for none, as from runc: what Go makes of its empty slice.
    private static string Json(List<int> pids)
    {
        if (pids.Count == 0)
        {
            return "null\n";
        }

        var text = new StringBuilder("[");
        foreach (int pid in pids)
        {
            text.Append(text.Length > 1 ? "," : "").Append(pid.ToString(CultureInfo.InvariantCulture));
        }

        return text.Append("]\n").ToString();
    }
}
