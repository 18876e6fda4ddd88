using Anocir.Plan;

namespace Anocir.Init;

/// <summary>The step that finds, or makes, the place of a mount.</summary>
internal static unsafe class TargetSteps
{
    private const long ProcMagic = 0x9FA0; // linux/magic.h

    /// <summary>
    /// CVE-2019-16884: the controller has judged destinations below /proc as text, so a symlink of the image must not lead a mount there.
    /// </summary>
    public static int ResolveTarget(InitState* state, Step* step)
    {
        int root = state->Fd(step->SlotB);
        var flags = (StepFlags)step->Flags;
        int fd = PathWalk.Open(root, state->Data(step->S0), flags, (uint)step->X, (uint)step->Y);
        if (fd >= 0 && (flags & (StepFlags.CreateDirectory | StepFlags.CreateFile)) != 0 && (flags & StepFlags.NoSymlinks) == 0 && Sys.FileSystemType(fd) == ProcMagic)
        {
            Sys.Drop(fd);
            fd = PathWalk.Open(root, state->Data(step->S0), StepFlags.NoSymlinks, 0, 0);
        }

        return state->Fill(step->SlotA, fd);
    }
}
