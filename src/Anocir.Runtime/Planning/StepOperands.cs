using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Anocir.Linux;
using Anocir.Plan;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Planning;

/// <summary>The operands of a step in readable form, for <c>anocir plan</c>.</summary>
internal static class StepOperands
{
    /// <summary>Name and value of each operand that is in use.</summary>
    public static List<(string Name, string Value)> Of(PlanWriter plan, int index)
    {
        Step step = plan.Steps[index];
        var kind = (StepKind)step.Kind;
        var result = new List<(string, string)>();
        if (plan.SubjectOf(index) is { Length: > 0 } subject)
        {
            result.Add(("for", Quote(subject)));
        }

        AddSlot(result, "a", step.SlotA);
        AddSlot(result, "b", step.SlotB);
        AddData(result, plan, step, kind);
        AddNumber(result, "x", step.X, kind);
        AddNumber(result, "y", step.Y, StepKind.None);
        AddNumber(result, "z", step.Z, StepKind.None);
        if (step.Flags != 0)
        {
            result.Add(("flags", Flags(step.Flags)));
        }

        if (step.ErrnoSet != 0)
        {
            result.Add(("on", Errnos(step.ErrnoSet)));
        }

        if (step.Else != 0)
        {
            result.Add(("else", Number((ulong)step.Else)));
        }

        return result;
    }

    private static void AddData(List<(string, string)> result, PlanWriter plan, in Step step, StepKind kind)
    {
        (char s0, char s1, char s2) = kind switch
        {
            StepKind.SetAffinity or StepKind.SetIds or StepKind.LoadSeccomp or StepKind.Attend
                or StepKind.SetScheduler or StepKind.SetMemoryPolicy => ('b', 's', 's'),
            StepKind.WriteFile or StepKind.SetAttribute => ('s', 'b', 's'),
            StepKind.RunHook => ('v', 'v', 'b'),
            StepKind.FindProgram => ('v', 's', 's'),
            StepKind.Exec or StepKind.ExecController => ('v', 'v', 's'),
            _ => ('s', 's', 's'),
        };
        AddData(result, plan, "s0", step.S0, s0, step.L);
        AddData(result, plan, "s1", step.S1, s1, step.L);
        AddData(result, plan, "s2", step.S2, s2, step.L);
    }

    private static void AddData(List<(string, string)> result, PlanWriter plan, string name, uint offset, char form, uint length)
    {
        if (offset == 0)
        {
            return;
        }

        result.Add((name, form switch
        {
            'b' => Number(length) + " bytes",
            'v' => "[" + string.Join(' ', Array.ConvertAll(plan.ReadVector(offset), Quote)) + "]",
            _ => Quote(plan.ReadString(offset)),
        }));
    }

    private static void AddSlot(List<(string, string)> result, string name, short slot)
    {
        if (slot != Step.NoSlot)
        {
            result.Add((name, slot switch
            {
                Slots.Sync => "sync",
                Slots.StartFifo => "startFifo",
                Slots.ReplyFifo => "replyFifo",
                Slots.Root => "root",
                Slots.HookOutput => "hookOutput",
                Slots.ConsoleMaster => "consoleMaster",
                Slots.ConsoleSlave => "consoleSlave",
                Slots.Cgroup => "cgroup",
                _ => "slot" + Number((ulong)slot),
            }));
        }
    }

    private static void AddNumber(List<(string, string)> result, string name, ulong value, StepKind kind)
    {
        if (value != 0)
        {
            bool namespaces = kind is StepKind.CloneInit or StepKind.Unshare or StepKind.JoinNamespace;
            result.Add((name, namespaces ? NamespaceText.Flags((uint)value) : value > 4096 ? "0x" + value.ToString("x", CultureInfo.InvariantCulture) : Number(value)));
        }
    }

    private static string Errnos(uint set)
    {
        var text = new StringBuilder();
        for (; set != 0; set >>= 8)
        {
            text.Append(text.Length == 0 ? "" : "|").Append(ErrnoText.Name((Errno)(set & 0xff)));
        }

        return text.ToString();
    }

    private static string Flags(ushort flags)
    {
        var text = new StringBuilder();
        foreach ((StepFlags flag, string name) in (ReadOnlySpan<(StepFlags, string)>)[
            (StepFlags.Recursive, "recursive"), (StepFlags.IgnoreErrors, "ignoreErrors"), (StepFlags.CreateDirectory, "createDirectory"),
            (StepFlags.CreateFile, "createFile"), (StepFlags.NoSymlinks, "noSymlinks"), (StepFlags.NoFollowLast, "noFollowLast"),
            (StepFlags.Fresh, "fresh")])
        {
            if ((flags & (ushort)flag) != 0)
            {
                text.Append(text.Length == 0 ? "" : "|").Append(name);
            }
        }

        return text.ToString();
    }

    private static string Quote(string text) => Printable.Quote(text);

    private static string Number(ulong value) => value.ToString(CultureInfo.InvariantCulture);
}
