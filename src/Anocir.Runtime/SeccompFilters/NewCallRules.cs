using System;
using System.Collections.Generic;
using Anocir.Linux;

namespace Anocir.Runtime.SeccompFilters;

/// <summary>
/// Rules for calls that the library does not know (<see cref="NewSystemCalls"/>), as instructions. They mean what they mean to a library that
/// does: without conditions the first rule decides the call, whatever those with conditions say; of these, the first that holds.
/// </summary>
internal sealed class NewCallRules
{
    private readonly List<Rule> _rules = [];

    /// <summary>Adds a rule.</summary>
    /// <param name="number">The call, without what the architecture adds (<see cref="SeccompArchitecture.NumberBase"/>).</param>
    /// <param name="onlyOn">The architecture that alone has the call, or 0.</param>
    /// <param name="action">What becomes of the call.</param>
    /// <param name="conditions">What must hold for it, all of it.</param>
    public void Add(uint number, uint onlyOn, uint action, ReadOnlySpan<ScmpArgCmp> conditions)
    {
        bool IsSame(Rule rule) => rule.Number == number && rule.OnlyOn == onlyOn;
        if (_rules.Exists(rule => IsSame(rule) && rule.Conditions.Length == 0))
        {
            return;
        }

        if (conditions.IsEmpty)
        {
            _ = _rules.RemoveAll(IsSame);
        }

        _rules.Add(new Rule(number, onlyOn, action, conditions.ToArray()));
    }

    /// <summary>Adds the instructions. They find the call's number in the accumulator, and leave it there for calls that no rule decides.</summary>
    public void Emit(List<SockFilter> code, uint architecture)
    {
        foreach (Rule rule in _rules)
        {
            if (rule.OnlyOn != 0 && rule.OnlyOn != architecture)
            {
                continue;
            }

            int start = code.Count;
            code.Add(default);
            ArgumentComparison.Emit(code, rule.Conditions, SeccompArchitecture.HasWideArguments(architecture), otherwise: 1);
            code.Add(new SockFilter(Bpf.Return, rule.Action));
            if (rule.Conditions.Length > 0)
            {
                code.Add(new SockFilter(Bpf.Load, Bpf.OffsetNumber));
            }

            uint number = SeccompArchitecture.NumberBase(architecture) + rule.Number;
            code[start] = new SockFilter(Bpf.JumpEqual, number, jf: (byte)(code.Count - start - 1));
        }
    }

    private sealed record Rule(uint Number, uint OnlyOn, uint Action, ScmpArgCmp[] Conditions);
}
