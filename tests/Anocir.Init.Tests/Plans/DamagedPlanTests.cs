using System;
using System.Linq;
using Anocir.Plan;
using CsCheck;
using Xunit;

namespace Anocir.Init.Tests;

/// <summary>Plans damaged at random: the check never crashes, never reads beyond the plan, and lets nothing through that init cannot use.</summary>
[Trait("Kernel", "none")]
public unsafe class DamagedPlanTests
{
    private static readonly StepKind[] Kinds = [.. Samples.Kinds];

    private static readonly uint[] Interesting =
        [0, 1, 7, 8, 40, 56, 0x7FFF, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFF8, 0xFFFFFFFF, 16 * 1024 * 1024];

    private static readonly Gen<byte[]> Valid = Gen.Int[0, Kinds.Length - 1].Select(i => Kinds[i]).Array[1, 12].Select(kinds =>
    {
        var plan = new TestPlan();
        plan.Slot();
        plan.Slot();
        plan.Add(StepKind.SetDumpable);
        foreach (StepKind kind in kinds.Where(k => k != StepKind.SetDumpable))
        {
            Samples.Add(plan, kind);
        }

        return plan.Add(StepKind.Exit).Build();
    });

    // Position, how, and a value.
    private static readonly Gen<(uint At, int How, uint Value)[]> Damage =
        Gen.Select(Gen.UInt, Gen.Int[0, 3], Gen.UInt).Array[1, 6];

    [Fact]
    public void ValidPlansPass() => Valid.Sample(image => GuardedPlan.Check(image, out _) == 0, iter: 2000);

    [Fact]
    public void DamagedPlansAreRefusedOrUsable() => Gen.Select(Valid, Damage).Sample(
        (image, damage) =>
        {
            byte[] damaged = Apply(image, damage);
            using var plan = new GuardedPlan(damaged);
            if (plan.Check(out InitState state, out _) == 0)
            {
                AssertUsable(plan, state);
            }
        },
        iter: 50_000);

    [Fact]
    public void NoiseIsRefused() => Gen.Byte.Array[0, 4096].Sample(
        image => GuardedPlan.Check(image, out _) == PlanReader.BadHeader, iter: 5000);

    private static byte[] Apply(byte[] image, (uint At, int How, uint Value)[] damage)
    {
        byte[] damaged = [.. image];
        foreach ((uint at, int how, uint value) in damage)
        {
            // Half of it hits header, slots and steps, where it matters most.
            int limit = (value & 1) == 0 ? damaged.Length : Math.Min(damaged.Length, 72 + (56 * 4));
            int position = (int)(at % (uint)limit);
            switch (how)
            {
                case 0:
                    damaged[position] ^= (byte)(1 << (int)(value % 8));
                    break;
                case 1:
                    damaged[position] = (byte)(value >> 8);
                    break;
                case 2:
                    position &= ~3;
                    if (position + 4 <= damaged.Length)
                    {
                        BitConverter.TryWriteBytes(damaged.AsSpan(position), Interesting[value % (uint)Interesting.Length]);
                    }

                    break;
                default:
                    damaged[position] = 0;
                    break;
            }
        }

        return damaged;
    }

    // A second opinion on everything init relies on, made from the sample of each kind.
    private static void AssertUsable(GuardedPlan plan, InitState state)
    {
        var start = (nuint)plan.Start;
        nuint end = start + (nuint)plan.Size;
        Assert.True((nuint)(state.Steps + state.StepCount) <= end);
        Assert.True((nuint)(state.Slots + state.SlotCount) <= end);
        Assert.True(plan.Start[plan.Size - 1] == 0);
        for (uint i = 0; i < state.StepCount; i++)
        {
            Step step = state.Steps[i];
            Assert.Contains((StepKind)step.Kind, Kinds);
            TestPlan.Row sample = Samples.Plan((StepKind)step.Kind).Rows[1];
            Assert.InRange(step.Else, 0, (int)state.StepCount);
            Assert.True(step.Else == 0 || step.Else > i);
            Assert.InRange(step.SlotA, -1, (int)state.SlotCount - 1);
            Assert.InRange(step.SlotB, -1, (int)state.SlotCount - 1);
            AssertOperand(sample.S0, step.S0, step.L, plan);
            AssertOperand(sample.S1, step.S1, step.L, plan);
            AssertOperand(sample.S2, step.S2, step.L, plan);
        }
    }

    private static void AssertOperand(object? sample, uint offset, uint length, GuardedPlan plan)
    {
        Assert.True(offset < plan.Size);
        switch (sample)
        {
            case null:
                Assert.Equal(0u, offset);
                break;
            case byte[]:
                Assert.True((ulong)offset + length <= (ulong)plan.Size);
                break;
            case string[]:
                for (byte** entry = (byte**)(plan.Start + offset); ; entry++)
                {
                    Assert.True((byte*)(entry + 1) <= plan.Start + plan.Size);
                    if (*entry == null)
                    {
                        break;
                    }

                    Assert.True(*entry > plan.Start && *entry < plan.Start + plan.Size);
                }

                break;
        }
    }
}
