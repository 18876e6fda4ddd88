using Anocir.Plan;

namespace Anocir.Init;

/// <summary>The step that finds, or makes, the place of a mount.</summary>
internal static unsafe class TargetSteps
{
    public static int ResolveTarget(InitState* state, Step* step) => state->Fill(
        step->SlotA,
        PathWalk.Open(
            state->Fd(step->SlotB), state->Data(step->S0), (StepFlags)step->Flags, (uint)step->X, (uint)step->Y));
}
