using Anocir.Cli.CommandLine;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.State;

namespace Anocir.Cli.Commands;

/// <summary>The containers a command is about: one by name, or with --regex every one whose whole or part name matches (as crun).</summary>
internal static unsafe class ContainerSelection
{
    /// <summary>Runs <paramref name="action"/> for each container; the exit status. With --regex a failure costs a warning and the
    /// exit status, not the others' turn.</summary>
    public static int ForEach(Arguments arguments, delegate*<Arguments, ContainerId, void> action)
    {
        string operand = arguments.Operand(0)!;
        if (!arguments.Has(OptionId.Regex))
        {
            action(arguments, ContainerId.Parse(operand));
            return 0;
        }

        using PosixRegex? pattern = PosixRegex.TryCompile(operand);
        if (pattern is null)
        {
            throw new ContainerException($"invalid regular expression: '{operand}'");
        }

        int status = 0;
        using StateStore store = StateStore.Open(arguments.Runtime.Root);
        foreach (ContainerId id in store.List())
        {
            if (pattern.IsMatch(id.Value) && !TryAct(arguments, id, action))
            {
                status = 1;
            }
        }

        return status;
    }

    private static bool TryAct(Arguments arguments, ContainerId id, delegate*<Arguments, ContainerId, void> action)
    {
        try
        {
            action(arguments, id);
            return true;
        }
        catch (ContainerException e)
        {
            arguments.Runtime.Log.Warn($"container '{id}': {e.Message}, skipping");
            return false;
        }
    }
}
