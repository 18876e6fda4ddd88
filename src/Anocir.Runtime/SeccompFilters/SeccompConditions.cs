using System;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.SeccompFilters;

/// <summary>Converts conditions on arguments.</summary>
internal static class SeccompConditions
{
    /// <summary>enum scmp_compare (seccomp.h).</summary>
    public const int NotEqual = 1, Less = 2, LessOrEqual = 3, Equal = 4, GreaterOrEqual = 5, Greater = 6, MaskedEqual = 7;

    private const int MaxArguments = 6;

    /// <summary>
    /// Fills <paramref name="conditions"/>. True when they must become a rule each, of which one suffices: when two of them are about the
    /// same argument, which libseccomp does not take in one rule (runc's meaning of such a config).
    /// </summary>
    public static bool Convert(int rule, SeccompArg[] arguments, Span<ScmpArgCmp> conditions)
    {
        int seen = 0;
        bool repeated = false;
        for (int i = 0; i < arguments.Length; i++)
        {
            SeccompArg argument = arguments[i];
            if (argument.Index >= MaxArguments)
            {
                throw ContainerException.Config(
                    $"linux.seccomp.syscalls[{rule}].args[{i}].index", $"must be from 0 to 5, got {argument.Index}");
            }

            int bit = 1 << (int)argument.Index;
            repeated |= (seen & bit) != 0;
            seen |= bit;
            int comparison = Operator(argument.Op);
            if (comparison == 0)
            {
                throw ContainerException.Config(
                    $"linux.seccomp.syscalls[{rule}].args[{i}].op",
                    $"not a valid operator for seccomp, got {Printable.Quote(argument.Op)}");
            }

            conditions[i] = new ScmpArgCmp
            {
                Arg = argument.Index,
                Op = comparison,
                DatumA = argument.Value,
                DatumB = argument.ValueTwo,
            };
        }

        return repeated;
    }

    /// <summary>enum scmp_compare (seccomp.h); 0 for an unknown name.</summary>
    private static int Operator(string name) => name switch
    {
        "SCMP_CMP_NE" => NotEqual,
        "SCMP_CMP_LT" => Less,
        "SCMP_CMP_LE" => LessOrEqual,
        "SCMP_CMP_EQ" => Equal,
        "SCMP_CMP_GE" => GreaterOrEqual,
        "SCMP_CMP_GT" => Greater,
        "SCMP_CMP_MASKED_EQ" => MaskedEqual,
        _ => 0,
    };
}
