using Anocir.Plan;

namespace Anocir.Init;

/// <summary>
/// Checks a plan completely before its first side effect. Nothing in it is believed: afterwards every offset, slot and jump can be
/// used as it stands. All sums are made in 64 bits from 32-bit parts, so none can wrap around.
/// </summary>
internal static unsafe class PlanReader
{
    // Fixed numbers, so that damage to one place is told from damage to another in a report.
    public const int BadHeader = Errno.EINVAL;
    public const int BadStep = Errno.EBADMSG;

    // fds 0 to 2 belong to the user's program; a slot that owned one would close it.
    private const int FirstSlotFd = 3;

    /// <summary>Checks the plan and relocates its vectors.</summary>
    /// <param name="plan">The mapping, writable.</param>
    /// <param name="size">Its size in bytes.</param>
    /// <param name="state">Filled on the way; <see cref="InitState.Slots"/> as soon as the slot table is usable.</param>
    /// <param name="where">What is wrong: a byte offset in the header or slot table, or the index of a step.</param>
    /// <returns>0, <see cref="BadHeader"/> or <see cref="BadStep"/>.</returns>
    public static int Check(byte* plan, ulong size, InitState* state, out long where)
    {
        where = CheckHeader(plan, size, state);
        if (where >= 0)
        {
            return BadHeader;
        }

        var header = (PlanHeader*)plan;
        bool safeToJoin = false;
        uint farthestJump = 0;
        for (uint i = 0; i < state->StepCount; i++)
        {
            Step* step = state->Steps + i;
            if (!CheckStep(plan, header, step, i))
            {
                where = i;
                return BadStep;
            }

            // CVE-2016-9962: whoever joins a namespace must not be traceable from inside it. Straight-line reasoning is enough:
            // jumps only go forward, and one that leads over the SetDumpable makes it count for nothing.
            bool mayContinueElsewhere = step->ErrnoSet != 0 || (step->Flags & (ushort)StepFlags.IgnoreErrors) != 0;
            if ((StepKind)step->Kind == StepKind.SetDumpable)
            {
                safeToJoin = step->X == 0 && farthestJump <= i && !mayContinueElsewhere;
            }
            else if ((StepKind)step->Kind == StepKind.JoinNamespace && !safeToJoin)
            {
                where = i;
                return BadStep;
            }

            // The Else of the clone is not a way of init: the helper takes it.
            bool jumps = step->Else > (int)farthestJump && (StepKind)step->Kind != StepKind.CloneInit;
            farthestJump = jumps ? (uint)step->Else : farthestJump;
        }

        for (uint i = 0; i < state->StepCount; i++)
        {
            Step* step = state->Steps + i;
            uint operands = Operands.Of((StepKind)step->Kind);
            Relocate(plan, header->Length, operands, step->S0);
            Relocate(plan, header->Length, operands >> Operands.S1Shift, step->S1);
        }

        return 0;
    }

    // Returns the offset of what is wrong, or -1.
    private static int CheckHeader(byte* plan, ulong size, InitState* state)
    {
        var header = (PlanHeader*)plan;
        if (size < (uint)sizeof(PlanHeader) || header->Magic != PlanHeader.ExpectedMagic)
        {
            return 0;
        }

        if (header->Version != PlanHeader.CurrentVersion || header->HeaderSize != sizeof(PlanHeader))
        {
            return (int)((byte*)&header->Version - plan);
        }

        if (header->Length != size || header->Length > PlanHeader.MaxLength)
        {
            return (int)((byte*)&header->Length - plan);
        }

        ulong slotsEnd = header->SlotsOffset + ((ulong)header->SlotCount * sizeof(int));
        if (header->SlotsOffset < sizeof(PlanHeader) || (header->SlotsOffset & 7) != 0 || slotsEnd > size
            || header->SlotCount > PlanHeader.MaxSlots || header->SlotCount < (uint)Slots.FirstFree)
        {
            return (int)((byte*)&header->SlotsOffset - plan);
        }

        int* slots = (int*)(plan + header->SlotsOffset);
        for (uint i = 0; i < header->SlotCount; i++)
        {
            if (slots[i] != -1 && slots[i] < FirstSlotFd)
            {
                return (int)((byte*)(slots + i) - plan);
            }
        }

        state->Plan = plan;
        state->Length = header->Length;
        state->SlotCount = header->SlotCount;
        state->Slots = slots;

        ulong stepsEnd = header->StepsOffset + ((ulong)header->StepCount * (uint)sizeof(Step));
        if (header->StepsOffset < slotsEnd || (header->StepsOffset & 7) != 0 || stepsEnd > size
            || header->StepCount == 0 || header->StepCount > PlanHeader.MaxSteps)
        {
            return (int)((byte*)&header->StepsOffset - plan);
        }

        // The last byte is what makes every string end.
        if (header->DataOffset < stepsEnd || (header->DataOffset & 7) != 0 || header->DataLength == 0
            || (ulong)header->DataOffset + header->DataLength != size || plan[size - 1] != 0)
        {
            return (int)((byte*)&header->DataOffset - plan);
        }

        Sys.Kept = (int)header->KeptDescriptors;
        state->Steps = (Step*)(plan + header->StepsOffset);
        state->StepCount = header->StepCount;
        return -1;
    }

    private static bool CheckStep(byte* plan, PlanHeader* header, Step* step, uint index)
    {
        uint operands = Operands.Of((StepKind)step->Kind);
        if (operands == Operands.Unknown)
        {
            return false;
        }

        uint allowedFlags = ((operands >> Operands.FlagShift) & 0xFF) | (uint)StepFlags.IgnoreErrors;
        bool jumps = (operands & Operands.Jumps) != 0;
        bool usesElse = jumps || step->ErrnoSet != 0;
        bool elseIsLegal = usesElse ? step->Else > (int)index && step->Else <= (int)header->StepCount : step->Else == 0;
        uint count = header->SlotCount;
        bool hasBlob = (operands & Operands.KindMask) == Operands.Blob
            || ((operands >> Operands.S1Shift) & Operands.KindMask) == Operands.Blob
            || ((operands >> Operands.S2Shift) & Operands.KindMask) == Operands.Blob;
        return (step->Flags & ~allowedFlags) == 0
            && elseIsLegal
            && !(jumps && step->ErrnoSet != 0)
            && CheckSlot(step->SlotA, count, (operands & Operands.SlotA) != 0, (operands & Operands.OptionalA) != 0)
            && CheckSlot(step->SlotB, count, (operands & Operands.SlotB) != 0, (operands & Operands.OptionalB) != 0)
            && CheckData(plan, header, operands & Operands.KindMask, step->S0, step->L)
            && CheckData(plan, header, (operands >> Operands.S1Shift) & Operands.KindMask, step->S1, step->L)
            && CheckData(plan, header, (operands >> Operands.S2Shift) & Operands.KindMask, step->S2, step->L)
            && (hasBlob || step->L == 0)
            && ((operands & Operands.X) != 0 || step->X == 0)
            && ((operands & Operands.Y) != 0 || step->Y == 0)
            && ((operands & Operands.Z) != 0 || step->Z == 0)
            && CheckNumbers(plan, header, step);
    }

    private static bool CheckSlot(short slot, uint count, bool needed, bool optional) =>
        slot == Step.NoSlot ? !needed : (needed || optional) && slot >= 0 && (uint)slot < count;

    private static bool CheckData(byte* plan, PlanHeader* header, uint kind, uint offset, uint length)
    {
        bool inData = offset >= header->DataOffset && offset < header->Length;
        switch (kind)
        {
            case Operands.Text:
                return inData;
            case Operands.OptionalText:
                return inData || offset == 0;
            case Operands.Blob:
                return (length == 0 && offset == 0) || (inData && (ulong)offset + length <= header->Length);
            case Operands.Vector:
                return inData && (offset & 7) == 0 && VectorLength(plan, header, offset) >= 0;
            default:
                return offset == 0;
        }
    }

    // Entries before the final 0, or -1 for a vector that leaves the data.
    private static int VectorLength(byte* plan, PlanHeader* header, uint offset)
    {
        for (int count = 0; (ulong)offset + sizeof(ulong) <= header->Length; count++, offset += sizeof(ulong))
        {
            ulong entry = *(ulong*)(plan + offset);
            if (entry == 0)
            {
                return count;
            }

            if (entry < header->DataOffset || entry >= header->Length)
            {
                return -1;
            }
        }

        return -1;
    }

    // Numbers that init uses as an index or a size; all others are the kernel's to judge.
    private static bool CheckNumbers(byte* plan, PlanHeader* header, Step* step)
    {
        const uint DecimalBytes = 24;
        const int PidBytes = 10;
        switch ((StepKind)step->Kind)
        {
            case StepKind.Exit:
                return step->X <= 255 && step->Y <= 1;
            case StepKind.CloneInit:
                return (step->X & ~Clone.Namespaces) == 0; // sharing memory with the child would be fatal
            case StepKind.SetDumpable:
                return step->X <= 1;
            case StepKind.DropBoundingCaps:
                return step->Y <= 63;
            case StepKind.SetIds:
                return step->X <= 1 && (step->L & 3) == 0;
            case StepKind.LoadSeccomp:
                const uint NewListener = 8;
                return (step->L & 7) == 0 && step->L / 8 <= 0xFFFF && ((step->X & NewListener) == 0) == (step->SlotA == Step.NoSlot);
            case StepKind.SetMemoryPolicy:
                return step->Y == 0 || step->Y - 1 <= step->L * 8ul; // the kernel reads that many bits
            case StepKind.RunHook:
                return VectorLength(plan, header, step->S0) >= 1
                    && (step->Y == 0 || (step->L >= PidBytes && step->Y <= step->L - PidBytes));
            case StepKind.Attend:
                return (step->L == 0 || step->L == Termios.Size) && step->X < header->SlotCount && step->Y < header->SlotCount;
            case StepKind.StartContainer:
                return step->X < header->SlotCount;
            case StepKind.ExecController:
                return HasRoom(plan, header, step, step->X, DecimalBytes)
                    && HasRoom(plan, header, step, step->Y, (2 * ((uint)sizeof(StartFailure) + StartFailure.MaxText)) + 1);
            default:
                return true;
        }
    }

    private static bool HasRoom(byte* plan, PlanHeader* header, Step* step, ulong index, uint bytes)
    {
        if (index == 0)
        {
            return true;
        }

        int count = VectorLength(plan, header, step->S0);
        return index < (ulong)count && ((ulong*)(plan + step->S0))[index] + bytes <= header->Length;
    }

    // Several steps may share a vector, so an entry may be a pointer already. Pointers are larger than any offset: no plan reaches
    // PlanHeader.MaxLength, and the kernel maps nothing that low when it chooses the address.
    private static void Relocate(byte* plan, uint length, uint operands, uint offset)
    {
        if ((operands & Operands.KindMask) != Operands.Vector)
        {
            return;
        }

        for (ulong* entry = (ulong*)(plan + offset); *entry != 0; entry++)
        {
            if (*entry < length)
            {
                *entry += (ulong)plan;
            }
        }
    }
}
