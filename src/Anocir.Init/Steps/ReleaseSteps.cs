using System.Runtime.CompilerServices;
using Anocir.Plan;

namespace Anocir.Init;

/// <summary>The step that makes a waiting init small: it is charged to the container for as long as nobody starts it.</summary>
internal static unsafe class ReleaseSteps
{
    private const nuint Page = 4096;

    public static int ReleasePlan(InitState* state)
    {
        // The planner writes data in the order of the steps, so what is left lies at the end of both.
        byte* data = (byte*)(state->Steps + state->StepCount);
        byte* needed = state->Program != null ? state->Program : state->Plan + state->Length;
        for (uint i = state->Current + 1; i < state->StepCount; i++)
        {
            Step* step = state->Steps + i;
            needed = Lower(needed, state->Data(step->S0));
            needed = Lower(needed, state->Data(step->S1));
            needed = Lower(needed, state->Data(step->S2));
            uint operands = Operands.Of((StepKind)step->Kind);
            needed = LowestEntry(needed, state, operands, step->S0);
            needed = LowestEntry(needed, state, operands >> Operands.S1Shift, step->S1);
        }

        Unmap(data, needed);
        Unmap(state->Plan, (byte*)(state->Steps + state->Current));

        // Deeper frames than this one are gone, but for those of this call. Pages of the stack come back as zeros.
        const int DontNeed = 4; // MADV_DONTNEED
        const nuint Depth = 16 * Page;
        const nuint Frames = 1024;
        nuint here = ((nuint)(&needed) - Frames) & ~(Page - 1);
        Native.Syscall(Nr.madvise, (nint)(here - Depth), (nint)Depth, DontNeed);
        return 0;
    }

    private static byte* Lower(byte* a, byte* b) => b != null && b < a ? b : a;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static byte* LowestEntry(byte* lowest, InitState* state, uint operands, uint offset)
    {
        if ((operands & Operands.KindMask) == Operands.Vector)
        {
            for (byte** entry = state->Vector(offset); *entry != null; entry++)
            {
                lowest = Lower(lowest, *entry);
            }
        }

        return lowest;
    }

    // Whole pages only: what shares a page with something needed stays.
    private static void Unmap(byte* from, byte* to)
    {
        nuint first = ((nuint)from + Page - 1) & ~(Page - 1);
        nuint last = (nuint)to & ~(Page - 1);
        if (first < last)
        {
            Sys.Unmap((void*)first, (nint)(last - first));
        }
    }
}
