using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json.Nodes;
using Anocir.Plan;
using Anocir.Runtime.Lifecycle;
using Anocir.Runtime.Planning;
using Anocir.Runtime.Spec;
using Anocir.Runtime.Tests.Validation;

namespace Anocir.Runtime.Tests.Planning;

/// <summary>The plan of the default config with some properties set otherwise, for machines that this one is not.</summary>
internal static class TestPlans
{
    /// <summary>Builds the plan; changes are pairs of path and value as in <see cref="TestConfig"/>.</summary>
    public static PlanWriter Build(bool stack, params string[] changes)
    {
        JsonNode config = TestConfig.Default();
        for (int i = 0; i < changes.Length; i += 2)
        {
            _ = TestConfig.Set(config, changes[i], changes[i + 1]);
        }

        RuntimeConfig parsed = ConfigReader.Parse(Encoding.UTF8.GetBytes(config.ToJsonString()));
        return InitPlanner.Build(
            new PlanInputs
            {
                Config = parsed,
                Setgroups = Groups.Rule(parsed, new Caller()),
                Bundle = "/bundle",
                Rootfs = "/bundle/rootfs",
                Id = "c1",
                StackApparmorProfile = stack,
            },
            out _);
    }

    /// <summary>Index of the first step of a kind.</summary>
    public static int IndexOf(this PlanWriter plan, StepKind kind) => Indexes(plan, kind).First();

    /// <summary>Indexes of all steps of a kind.</summary>
    public static IEnumerable<int> Indexes(this PlanWriter plan, StepKind kind) =>
        Enumerable.Range(0, plan.Count).Where(i => (StepKind)plan.At(i).Kind == kind);

    /// <summary>File and content of each WriteFile step, with its index.</summary>
    public static (int Index, string File, string Content)[] Writes(this PlanWriter plan) =>
        [.. plan.Indexes(StepKind.WriteFile).Select(i => (i, plan.ReadString(plan.At(i).S0), Blob(plan, i)))];

    /// <summary>The content of S1 of a step.</summary>
    public static string Blob(PlanWriter plan, int index) => plan.ReadString(plan.At(index).S1)[..(int)plan.At(index).L];

    /// <summary><c>key=value</c> of each FsConfig step that comes from a property.</summary>
    public static string[] Options(this PlanWriter plan, string property) => [.. plan.Indexes(StepKind.FsConfig)
        .Where(i => plan.OriginOf(i) == property && plan.At(i).S1 != 0)
        .Select(i => plan.ReadString(plan.At(i).S0) + "=" + plan.ReadString(plan.At(i).S1))];
}
