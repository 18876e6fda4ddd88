using System;
using System.Collections.Generic;
using Anocir.Linux;

namespace Anocir.Runtime.SeccompFilters;

/// <summary>
/// Conditions on arguments as instructions, which compare one half of 64 bits after the other, as BPF has words of 32. On architectures of
/// 32 bits only the lower half counts, as with libseccomp.
/// </summary>
internal static class ArgumentComparison
{
    /// <summary>Stand for distances that are not known yet; no real one is that long (six conditions of seven instructions).</summary>
    private const byte Holds = 254, Fails = 255;

    /// <summary>Adds instructions that go on behind them, with another accumulator, when all conditions hold; otherwise the call is to be seen by <paramref name="otherwise"/> further instructions later.</summary>
    public static void Emit(List<SockFilter> code, ReadOnlySpan<ScmpArgCmp> conditions, bool wide, int otherwise)
    {
        int start = code.Count;
        foreach (ScmpArgCmp condition in conditions)
        {
            int first = code.Count;
            Emit(code, condition, wide);
            Land(code, first, Holds, code.Count);
        }

        Land(code, start, Fails, code.Count + otherwise);
    }

    private static void Emit(List<SockFilter> code, ScmpArgCmp condition, bool wide)
    {
        bool masked = condition.Op == SeccompConditions.MaskedEqual;
        ulong mask = masked ? condition.DatumA : ulong.MaxValue;
        ulong value = masked ? condition.DatumB & mask : condition.DatumA;
        (ushort jump, bool negated) = condition.Op switch
        {
            SeccompConditions.Greater => (Bpf.JumpGreater, false),
            SeccompConditions.LessOrEqual => (Bpf.JumpGreater, true),
            SeccompConditions.GreaterOrEqual => (Bpf.JumpGreaterEqual, false),
            SeccompConditions.Less => (Bpf.JumpGreaterEqual, true),
            SeccompConditions.NotEqual => (Bpf.JumpEqual, true),
            _ => (Bpf.JumpEqual, false),
        };
        (byte yes, byte no) = negated ? (Fails, Holds) : (Holds, Fails);
        uint lower = Bpf.OffsetArguments + (condition.Arg * sizeof(ulong)); // all our architectures are little-endian
        if (wide)
        {
            uint upper = (uint)(value >> 32);
            Load(code, lower + sizeof(uint), (uint)(mask >> 32));
            if (jump != Bpf.JumpEqual)
            {
                code.Add(new SockFilter(Bpf.JumpGreater, upper, yes, 0));
            }

            code.Add(new SockFilter(Bpf.JumpEqual, upper, 0, no)); // equal: the lower halves decide
        }

        Load(code, lower, (uint)mask);
        code.Add(new SockFilter(jump, (uint)value, yes, no));
    }

    private static void Load(List<SockFilter> code, uint offset, uint mask)
    {
        code.Add(new SockFilter(Bpf.Load, offset));
        if (mask != uint.MaxValue)
        {
            code.Add(new SockFilter(Bpf.And, mask));
        }
    }

    /// <summary>Makes the jumps with this stand-in, from an instruction on, lead to another one.</summary>
    private static void Land(List<SockFilter> code, int first, byte standIn, int target)
    {
        for (int i = first; i < code.Count; i++)
        {
            SockFilter each = code[i];
            byte distance = (byte)(target - i - 1);
            code[i] = new SockFilter(each.Code, each.K, each.Jt == standIn ? distance : each.Jt, each.Jf == standIn ? distance : each.Jf);
        }
    }
}
