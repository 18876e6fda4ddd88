using System;
using System.Runtime.InteropServices;
using Anocir.Linux;
using Anocir.Plan;
using Anocir.Runtime.Planning;
using Xunit;

namespace Anocir.Runtime.Tests.Planning;

public sealed class PlanWriterTests
{
    [Fact]
    public void A_vector_of_bytes_says_the_same_as_one_of_strings()
    {
        var plan = new PlanWriter();
        Assert.Equal(["A=1", "", "Ü=2"], plan.ReadVector(plan.Vector("A=1\0\0Ü=2\0"u8)));
        Assert.Equal(["A=1", "Ü=2"], plan.ReadVector(plan.Vector(["A=1", "Ü=2"])));
        Assert.Empty(plan.ReadVector(plan.Vector(ReadOnlySpan<byte>.Empty)));
    }

    [Fact]
    public void Rooms_are_empty_strings_behind_the_others()
    {
        var plan = new PlanWriter();
        uint vector = plan.Vector(["a"], 25, 5000);
        uint behind = plan.Str("behind");
        Assert.Equal(["a", "", ""], plan.ReadVector(vector));
        Assert.True(behind >= vector + 25 + 5000, $"the rooms overlap with what follows: {vector}, {behind}");
    }

    [Fact]
    public void Each_step_keeps_where_it_comes_from()
    {
        var plan = new PlanWriter { Origin = "start" };
        for (int i = 0; i < 1000; i++)
        {
            plan.Origin = i < 10 ? "start" : $"mounts[{i / 3}]";
            plan.Subject = i % 2 == 0 ? "" : "even";
            plan.Add(StepKind.Close).X = (ulong)i;
        }

        Assert.Equal(1000, plan.Count);
        for (int i = 0; i < 1000; i++)
        {
            Assert.Equal(i < 10 ? "start" : $"mounts[{i / 3}]", plan.OriginOf(i));
            Assert.Equal(i % 2 == 0 ? "" : "even", plan.SubjectOf(i));
            Assert.Equal((ulong)i, plan.Steps[i].X);
        }
    }

    [Fact]
    public void An_image_counts_from_its_own_beginning_and_leaves_the_plan_as_it_was()
    {
        var plan = new PlanWriter();
        uint text = plan.Str("/somewhere");
        uint vector = plan.Vector(["argv0"]);
        ref Step step = ref plan.Add(StepKind.Exec);
        step.S0 = vector;
        step.S1 = text;
        byte[] first = Image(plan);
        byte[] second = Image(plan);
        Assert.Equal(first, second);
        Assert.Equal("/somewhere", plan.ReadString(plan.Steps[0].S1));

        PlanHeader header = MemoryMarshal.Read<PlanHeader>(first);
        Assert.Equal((uint)first.Length, header.Length);
        Assert.Equal(header.Length, header.DataOffset + header.DataLength);
        Assert.Equal(0, first[^1]);
        Step written = MemoryMarshal.Read<Step>(first.AsSpan((int)header.StepsOffset));
        Assert.True(first.AsSpan((int)written.S1).StartsWith("/somewhere\0"u8));
        ulong entry = MemoryMarshal.Read<ulong>(first.AsSpan((int)written.S0));
        Assert.True(first.AsSpan((int)entry).StartsWith("argv0\0"u8));
        Assert.Equal(0u, written.S2);
    }

    private static byte[] Image(PlanWriter plan)
    {
        using var file = new Fd(Sys.MemfdCreate("plan", Memfd.CLOEXEC).Int);
        int length = plan.WriteTo(file.Number).Int;
        byte[] image = new byte[length];
        _ = Sys.Seek(file.Number, 0);
        Assert.Equal(length, Sys.Read(file.Number, image).Int);
        return image;
    }
}
