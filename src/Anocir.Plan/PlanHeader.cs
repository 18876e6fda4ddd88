using System.Runtime.InteropServices;

namespace Anocir.Plan;

/// <summary>
/// First bytes of a plan. A plan is one contiguous image: header, slot table (one <see cref="int"/> per fd slot), steps, data.
/// All offsets count from the first byte of the plan. The last byte of the data is NUL, so every string that starts inside
/// the data also ends there. anocir-init checks all of this, and every operand of every step, before its first side effect.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct PlanHeader
{
    /// <summary>"ANOC" in memory order.</summary>
    public const uint ExpectedMagic = 0x434F4E41;

    /// <summary>Raised with every change of the vocabulary: both programs come from one build, so only equality counts.</summary>
    public const ushort CurrentVersion = 1;

    /// <summary>Most bytes a plan may have.</summary>
    public const uint MaxLength = 16 * 1024 * 1024;

    /// <summary>Most fd slots of a plan.</summary>
    public const uint MaxSlots = 256;

    /// <summary>Most steps of a plan.</summary>
    public const uint MaxSteps = 65536;

    /// <summary><see cref="ExpectedMagic"/>.</summary>
    public uint Magic;

    /// <summary><see cref="CurrentVersion"/>.</summary>
    public ushort Version;

    /// <summary>sizeof(PlanHeader): a second guard against two builds.</summary>
    public ushort HeaderSize;

    /// <summary>Length of the whole plan in bytes.</summary>
    public uint Length;

    /// <summary>Offset of the slot table, a multiple of 8.</summary>
    public uint SlotsOffset;

    /// <summary>Entries of the slot table, at least <see cref="Slots.FirstFree"/>: the inherited fd of each slot, 3 or more (0 to 2 are the
    /// user's program's), or -1 while the slot is empty.</summary>
    public uint SlotCount;

    /// <summary>Offset of the first step, a multiple of 8.</summary>
    public uint StepsOffset;

    /// <summary>Number of steps.</summary>
    public uint StepCount;

    /// <summary>Offset of the data (strings, blobs, vectors), a multiple of 8.</summary>
    public uint DataOffset;

    /// <summary>Length of the data, which ends where the plan ends.</summary>
    public uint DataLength;

    /// <summary>
    /// Descriptors below this number stay open when their step is done with them, until the plan's close_range(2) or exec: each is a system call
    /// less. 0: all are closed at once, for hooks that may want to unmount what they would hold, and where RLIMIT_NOFILE is small.
    /// </summary>
    public uint KeptDescriptors;
}
