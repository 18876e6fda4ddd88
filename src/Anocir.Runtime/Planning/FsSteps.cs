using Anocir.Plan;

namespace Anocir.Runtime.Planning;

/// <summary>Steps of the new mount API (fsopen(2), fsconfig(2), fsmount(2)).</summary>
internal static class FsSteps
{
    /// <summary>fsopen(2) into a slot.</summary>
    public static int Open(PlanWriter plan, short context, string type)
    {
        int index = plan.Count;
        uint operand = plan.Str(type);
        ref Step step = ref plan.Add(StepKind.FsOpen);
        step.SlotA = context;
        step.S0 = operand;
        return index;
    }

    /// <summary>An option with a value.</summary>
    public static void SetString(PlanWriter plan, short context, string key, string value)
    {
        uint keyOperand = plan.Str(key);
        uint valueOperand = plan.Str(value);
        ref Step step = ref plan.Add(StepKind.FsConfig);
        step.SlotA = context;
        step.X = FsConfigCommand.SetString;
        step.S0 = keyOperand;
        step.S1 = valueOperand;
    }

    /// <summary>An option without a value; returns the step's index.</summary>
    public static int SetFlag(PlanWriter plan, short context, string key)
    {
        int index = plan.Count;
        uint keyOperand = plan.Str(key);
        ref Step step = ref plan.Add(StepKind.FsConfig);
        step.SlotA = context;
        step.X = FsConfigCommand.SetFlag;
        step.S0 = keyOperand;
        return index;
    }

    /// <summary>Makes the superblock.</summary>
    public static int Create(PlanWriter plan, short context)
    {
        int index = plan.Count;
        ref Step step = ref plan.Add(StepKind.FsConfig);
        step.SlotA = context;
        step.X = FsConfigCommand.Create;
        return index;
    }

    /// <summary>fsmount(2): the detached mount goes into <paramref name="tree"/>, the context is closed.</summary>
    public static int Mount(PlanWriter plan, short context, short tree, uint attributes)
    {
        int index = plan.Count;
        ref Step step = ref plan.Add(StepKind.FsMount);
        step.SlotA = context;
        step.SlotB = tree;
        step.X = attributes;
        return index;
    }
}
