using System;
using System.Linq;
using System.Runtime.InteropServices;
using Anocir.Plan;
using Xunit;

namespace Anocir.Init.Tests;

/// <summary>What the check of a plan accepts and refuses, kind by kind.</summary>
[Trait("Kernel", "none")]
public class PlanReaderTests
{
    public static TheoryData<StepKind> Kinds => [.. Samples.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void AcceptsTheSample(StepKind kind)
    {
        Assert.Equal(0, GuardedPlan.Check(Samples.Plan(kind).Build(), out _));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void RefusesEveryOperandTheKindDoesNotHave(StepKind kind)
    {
        TestPlan.Row row = Samples.Plan(kind).Rows[1];
        void Refuses(bool used, Func<TestPlan.Row, TestPlan.Row> change, string operand)
        {
            if (!used)
            {
                Assert.True(Refused(kind, change), $"{kind} accepts {operand}");
            }
        }

        Refuses(row.S0 != null, r => r with { S0 = "x" }, "S0");
        Refuses(row.S1 != null, r => r with { S1 = "x" }, "S1");
        Refuses(row.S2 != null, r => r with { S2 = "x" }, "S2");
        Refuses(row.A >= 0, r => r with { A = 8 }, "SlotA");
        Refuses(row.B >= 0, r => r with { B = 8 }, "SlotB");
        Refuses(row.X != 0 || kind == StepKind.SetDumpable, r => r with { X = 1 }, "X");
        Refuses(row.Y != 0, r => r with { Y = 1 }, "Y");
        Refuses(row.Z != 0, r => r with { Z = 1 }, "Z");
        Refuses(row.Else != 0, r => r with { Else = 2 }, "Else");
        foreach (StepFlags flag in Enum.GetValues<StepFlags>().Where(f => f is not (StepFlags.None or StepFlags.IgnoreErrors)))
        {
            bool target = kind == StepKind.ResolveTarget
                && flag is StepFlags.CreateDirectory or StepFlags.CreateFile or StepFlags.NoFollowLast or StepFlags.NoSymlinks;
            Refuses(row.Flags.HasFlag(flag) || target, r => r with { Flags = flag }, flag.ToString());
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void RefusesMissingOperands(StepKind kind)
    {
        TestPlan.Row row = Samples.Plan(kind).Rows[1];
        bool optionalText = kind is StepKind.FsConfig or StepKind.MountOnFd or StepKind.MoveMount;
        if (row.S0 is string or string[] && !optionalText)
        {
            Assert.True(Refused(kind, r => r with { S0 = null }));
        }

        if (row.S1 is string or string[] && !optionalText)
        {
            Assert.True(Refused(kind, r => r with { S1 = null }));
        }

        if (row.A >= 0 && kind is not (StepKind.CloneInit or StepKind.Sync))
        {
            Assert.True(Refused(kind, r => r with { A = -1 }));
        }

        Assert.True(row.A < 0 || Refused(kind, r => r with { A = 10 }));
        Assert.True(row.B < 0 || Refused(kind, r => r with { B = 10 }));
        Assert.True(row.A < 0 || Refused(kind, r => r with { A = -2 }));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void ElseLeadsForwardAndInsideThePlan(StepKind kind)
    {
        bool jumps = kind is StepKind.Jump or StepKind.CloneInit;
        Func<TestPlan.Row, int, TestPlan.Row> with = (r, target) => r with { Else = target, Errnos = jumps ? 0u : 1u };
        Assert.True(Refused(kind, r => with(r, 0)));
        Assert.True(Refused(kind, r => with(r, 1)));
        Assert.True(Refused(kind, r => with(r, -1)));
        Assert.False(Refused(kind, r => with(r, 2)));
        Assert.False(Refused(kind, r => with(r, 3)));
        Assert.True(Refused(kind, r => with(r, 4)));
        Assert.True(Refused(kind, r => with(r, int.MaxValue)));
    }

    [Fact]
    public void RefusesUnknownKinds()
    {
        const int Step = 101; // all that are near the known ones, and some of every kind of number
        for (int kind = 0; kind <= ushort.MaxValue; kind += kind < 1024 ? 1 : Step)
        {
            if (!Enum.IsDefined((StepKind)kind) || kind == 0)
            {
                byte[] image = Samples.Plan(StepKind.SetSid, r => r with { Kind = (StepKind)kind }).Build();
                Assert.Equal(PlanReader.BadStep, GuardedPlan.Check(image, out long where));
                Assert.Equal(1, where);
            }
        }
    }

    [Fact]
    public void RefusesAJoinWhileDumpable()
    {
        static int Check(Action<TestPlan> build)
        {
            var plan = new TestPlan();
            plan.Slot();
            build(plan);
            plan.Add(StepKind.JoinNamespace, a: 8).Add(StepKind.Exit);
            return GuardedPlan.Check(plan.Build(), out _);
        }

        Assert.Equal(0, Check(p => p.Add(StepKind.SetDumpable)));
        Assert.Equal(PlanReader.BadStep, Check(_ => { }));
        Assert.Equal(PlanReader.BadStep, Check(p => p.Add(StepKind.SetDumpable, x: 1)));
        Assert.Equal(PlanReader.BadStep, Check(p => p.Add(StepKind.SetDumpable).Add(StepKind.SetDumpable, x: 1)));
        Assert.Equal(PlanReader.BadStep, Check(p => p.Add(StepKind.SetDumpable, flags: StepFlags.IgnoreErrors)));
        Assert.Equal(PlanReader.BadStep, Check(p => p.Add(StepKind.SetDumpable, @else: 1, errnos: Errno.EPERM)));
        Assert.Equal(PlanReader.BadStep, Check(p => p.Add(StepKind.Jump, @else: 2).Add(StepKind.SetDumpable)));
        Assert.Equal(0, Check(p => p.Add(StepKind.Jump, @else: 1).Add(StepKind.SetDumpable)));

        // What follows the clone is init's; the helper goes on at its Else.
        Assert.Equal(0, Check(p => p.Add(StepKind.CloneInit, @else: 3).Add(StepKind.SetDumpable)));
    }

    [Fact]
    public void RefusesNumbersThatInitWouldIndexWith()
    {
        Assert.True(Refused(StepKind.Exit, r => r with { X = 256 }));
        Assert.True(Refused(StepKind.Exit, r => r with { Y = 2 }));
        Assert.True(Refused(StepKind.SetDumpable, r => r with { X = 2 }));
        Assert.True(Refused(StepKind.CloneInit, r => r with { X = 0x100 })); // CLONE_VM
        Assert.True(Refused(StepKind.CloneInit, r => r with { X = 0x80000 })); // CLONE_SETTLS
        Assert.True(Refused(StepKind.DropBoundingCaps, r => r with { Y = 64 }));
        Assert.True(Refused(StepKind.SetIds, r => r with { S0 = new byte[3] }));
        Assert.True(Refused(StepKind.LoadSeccomp, r => r with { S0 = new byte[12] }));
        Assert.True(Refused(StepKind.LoadSeccomp, r => r with { S0 = new byte[65536 * 8] }));
        Assert.True(Refused(StepKind.LoadSeccomp, r => r with { X = 0 })); // a slot without a listener to fill it
        Assert.True(Refused(StepKind.SetMemoryPolicy, r => r with { Y = 322 })); // one bit more than the mask has
        Assert.True(Refused(StepKind.Attend, r => r with { X = 10 }));
        Assert.True(Refused(StepKind.Attend, r => r with { Y = 10 }));
        Assert.True(Refused(StepKind.RunHook, r => r with { Y = 31 }));
        Assert.True(Refused(StepKind.RunHook, r => r with { Y = ulong.MaxValue }));
        Assert.True(Refused(StepKind.RunHook, r => r with { S0 = Array.Empty<string>() }));
        Assert.True(Refused(StepKind.Attend, r => r with { S0 = new byte[35] }));
        Assert.True(Refused(StepKind.StartContainer, r => r with { X = 10 }));
        Assert.True(Refused(StepKind.ExecController, r => r with { X = 3 }));
        Assert.True(Refused(StepKind.ExecController, r => r with { X = ulong.MaxValue }));
        Assert.True(Refused(StepKind.ExecController, r => r with { S0 = new[] { "a", "b", "c" }, S1 = new[] { "d" } }));
    }

    [Fact]
    public void RefusesSlotsThatOwnStdio()
    {
        var plan = new TestPlan();
        plan.Add(StepKind.Exit);
        plan.SlotTable[5] = 2;
        Assert.Equal(PlanReader.BadHeader, GuardedPlan.Check(plan.Build(), out long where));
        Assert.Equal(40 + (5 * 4), where);
    }

    [Fact]
    public void RefusesEveryTruncation()
    {
        byte[] image = Samples.Plan(StepKind.RunHook).Build();
        for (int length = 0; length < image.Length; length++)
        {
            Assert.Equal(PlanReader.BadHeader, GuardedPlan.Check(image[..length], out _));
        }
    }

    [Fact]
    public unsafe void RelocatesSharedVectorsOnce()
    {
        var plan = new TestPlan();
        plan.Add(StepKind.FindProgram, new[] { "/bin/a", "/bin/b" });
        plan.Add(StepKind.FindProgram, new[] { "/x" });
        byte[] image = plan.Build();

        // The second step gets the first one's vector.
        MemoryMarshal.Write(image.AsSpan(72 + 56 + 16), MemoryMarshal.Read<uint>(image.AsSpan(72 + 16)));
        using var guarded = new GuardedPlan(image);
        Assert.Equal(0, guarded.Check(out InitState state, out _));
        byte** vector = state.Vector(state.Steps[1].S0);
        Assert.Equal("/bin/a", Marshal.PtrToStringUTF8((nint)vector[0]));
        Assert.Equal("/bin/b", Marshal.PtrToStringUTF8((nint)vector[1]));
        Assert.True(vector[2] == null);
    }

    private static bool Refused(StepKind kind, Func<TestPlan.Row, TestPlan.Row> change)
    {
        int result = GuardedPlan.Check(Samples.Plan(kind, change).Build(), out long where);
        Assert.Contains(result, new[] { 0, PlanReader.BadStep });
        if (result != 0)
        {
            Assert.Equal(1, where);
        }

        return result != 0;
    }
}
