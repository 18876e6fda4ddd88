using System.Runtime.InteropServices;

namespace Anocir.Plan;

/// <summary>
/// One step of a plan, fixed size. What the operands mean is written at each <see cref="StepKind"/>. A string operand is the
/// offset of a NUL-terminated string; a blob is an offset in S and a length in L; a vector is the offset, a multiple of 8, of an array of
/// unsigned 64-bit string offsets that ends with 0 (anocir-init turns them into pointers in its private mapping).
/// Offset 0 means "none" and is only legal where the kind says optional.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct Step
{
    /// <summary>Value of a slot operand that names no slot.</summary>
    public const short NoSlot = -1;

    /// <summary>What to do: a <see cref="StepKind"/>.</summary>
    public ushort Kind;

    /// <summary>Bits whose meaning depends on the kind (<see cref="StepFlags"/>).</summary>
    public ushort Flags;

    /// <summary>Up to four error numbers, one per byte, lowest first: failing with one of them continues at <see cref="Else"/>.</summary>
    public uint ErrnoSet;

    /// <summary>Index of a later step, used when the step fails with an error of <see cref="ErrnoSet"/>, and by the kinds that jump.</summary>
    public int Else;

    /// <summary>First fd slot operand.</summary>
    public short SlotA;

    /// <summary>Second fd slot operand.</summary>
    public short SlotB;

    /// <summary>First string, blob or vector operand.</summary>
    public uint S0;

    /// <summary>Second string, blob or vector operand.</summary>
    public uint S1;

    /// <summary>Third string, blob or vector operand.</summary>
    public uint S2;

    /// <summary>Length of the blob operand, when the kind has one.</summary>
    public uint L;

    /// <summary>First number operand.</summary>
    public ulong X;

    /// <summary>Second number operand.</summary>
    public ulong Y;

    /// <summary>Third number operand.</summary>
    public ulong Z;
}
