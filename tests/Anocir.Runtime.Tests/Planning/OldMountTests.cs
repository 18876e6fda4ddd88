using System;
using System.Globalization;
using System.Linq;
using System.Text.Json.Nodes;
using Anocir.Plan;
using Anocir.Runtime.Planning;
using Xunit;

namespace Anocir.Runtime.Tests.Planning;

/// <summary>File systems that are mounted by mount(2), because fsconfig(2) does not take their texts.</summary>
public sealed class OldMountTests
{
    [Theory]
    [InlineData('x', 255, false)]
    [InlineData('x', 256, true)]
    [InlineData('é', 127, false)] // two bytes each
    [InlineData('é', 128, true)]
    [InlineData('é', 200, true)]
    [InlineData('€', 85, false)]
    [InlineData('€', 86, true)]
    public void BytesCountNotCharacters(char letter, int count, bool needed)
    {
        string text = new(letter, count);
        Assert.Equal(needed, OldMount.IsNeeded(text, null));
        Assert.Equal(needed, OldMount.IsNeeded("", ["mode=755", text]));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("ro", "open mountSetattr+1")]
    [InlineData("rnosuid", "open mountSetattr+2")]
    [InlineData("shared", "open mountSetattr")]
    [InlineData("tmpcopyup", "open copyTree close")]
    [InlineData("rnosuid,ro,shared,tmpcopyup,dest-nofollow", "open copyTree close mountSetattr+2 mountSetattr mountSetattr+1")]
    public void WhatComesAfterwardsGoesToTheMountByItsDescriptor(string options, string after)
    {
        var mount = new JsonObject
        {
            ["destination"] = "/place",
            ["type"] = "tmpfs",
            ["source"] = new string('x', 256),
            ["options"] = new JsonArray([.. options.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(static word => (JsonNode)word)]),
        };
        PlanWriter plan = TestPlans.Build(false, "mounts/-", mount.ToJsonString());
        int[] steps = [.. Enumerable.Range(0, plan.Count).Where(i => plan.OriginOf(i) == "mounts[7]")];
        int mounted = steps.Single(i => (StepKind)plan.At(i).Kind == StepKind.MountOnFd);
        Step[] rest = [.. steps.Where(i => i > mounted).Select(i => plan.At(i))];

        Assert.Single(steps, i => (StepKind)plan.At(i).Kind == StepKind.ResolveTarget); // the name is used once
        Assert.Equal(0UL, plan.At(mounted).X & MS.RDONLY); // a tmpfs is made read-only when its contents are there
        Assert.Equal(after, string.Join(' ', rest.Select(Describe)));
        foreach (Step step in rest.Where(static step => (StepKind)step.Kind == StepKind.MountSetattr))
        {
            Assert.Equal(rest[0].SlotA, step.SlotA);
        }

        foreach (Step step in rest.Take(1))
        {
            Assert.Equal((plan.At(mounted).SlotB, "..", Linux.Resolve.IN_ROOT), (step.SlotB, plan.ReadString(step.S0), step.Y));
        }
    }

    private static string Describe(Step step) =>
        StepNames.Of((StepKind)step.Kind)
        + ((StepKind)step.Kind == StepKind.MountSetattr && step.X != 0 ? "+" + step.X.ToString(CultureInfo.InvariantCulture) : "");
}
