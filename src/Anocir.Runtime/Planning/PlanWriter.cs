using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Anocir.Linux;
using Anocir.Plan;

namespace Anocir.Runtime.Planning;

/// <summary>
/// Builds the image that anocir-init executes (layout at <see cref="PlanHeader"/>). Beside each step it keeps what init does
/// not need: the config property the step comes from, for messages and for <c>anocir plan</c>.
/// </summary>
public sealed class PlanWriter
{
    // Room for the plan of an ordinary container: each page that an array touches costs the start a page fault, and growing touches them twice.
    private const int UsualSteps = 512;
    private const int UsualData = 24 * 1024;

    private Step[] _steps = GC.AllocateUninitializedArray<Step>(UsualSteps);
    private int _stepCount;
    private readonly List<StepSource> _sources = new(64);
    private int[] _slots = new int[32];
    private int _slotCount = Slots.FirstFree;
    private byte[] _data = GC.AllocateUninitializedArray<byte>(UsualData);
    private int _dataLength = 2; // 0 means "no operand"; the byte at 1 is the empty string
    private (int Offset, int Count)[] _vectors = new (int, int)[8];
    private int _vectorCount;

    /// <summary>An empty plan: no step, the fixed slots empty.</summary>
    public PlanWriter()
    {
        Array.Fill(_slots, -1);
        _data.AsSpan(0, _dataLength).Clear();
    }

    /// <summary>Property that the steps added from now on come from (<c>mounts[3]</c>), or a plain word for the runtime's own.</summary>
    public string Origin { get; set; } = "";

    /// <summary>Object that messages about the steps added from now on name, when their operands do not: a destination, a path; or "".</summary>
    public string Subject { get; set; } = "";

    /// <summary><see cref="PlanHeader.KeptDescriptors"/>.</summary>
    public uint KeptDescriptors { get; set; }

    /// <summary>Number of steps so far, which is the index of the next one.</summary>
    public int Count => _stepCount;

    /// <summary>The steps so far, with offsets relative to the data.</summary>
    public ReadOnlySpan<Step> Steps => _steps.AsSpan(0, _stepCount);

    /// <summary>Where the step with this index comes from.</summary>
    public string OriginOf(int index) => SourceOf(index).Origin;

    /// <summary>What the step with this index is about, or "".</summary>
    public string SubjectOf(int index) => SourceOf(index).Subject;

    /// <summary>Appends a step; the caller fills in the operands. The reference is valid until the next call.</summary>
    public ref Step Add(StepKind kind)
    {
        if (_stepCount == _steps.Length)
        {
            Array.Resize(ref _steps, _stepCount * 2);
        }

        if (_sources.Count == 0 || !ReferenceEquals(_sources[^1].Origin, Origin) || !ReferenceEquals(_sources[^1].Subject, Subject))
        {
            _sources.Add(new StepSource(_stepCount, Origin, Subject));
        }

        ref Step step = ref _steps[_stepCount++];
        step = new Step { Kind = (ushort)kind, SlotA = Step.NoSlot, SlotB = Step.NoSlot };
        return ref step;
    }

    /// <summary>Lets the step <paramref name="index"/> continue at the next step to be added (its errno set must be filled in already).</summary>
    public void ElseHere(int index) => _steps[index].Else = _stepCount;

    /// <summary>A step added before.</summary>
    public ref Step At(int index) => ref _steps[index];

    /// <summary>A new slot, holding the inherited fd <paramref name="fd"/> or nothing.</summary>
    public short NewSlot(int fd = -1)
    {
        if (_slotCount == _slots.Length)
        {
            int old = _slots.Length;
            Array.Resize(ref _slots, old * 2);
            _slots.AsSpan(old).Fill(-1);
        }

        _slots[_slotCount] = fd;
        return (short)_slotCount++;
    }

    /// <summary>Sets the inherited fd of a fixed slot.</summary>
    public void SetSlot(short slot, int fd) => _slots[slot] = fd;

    /// <summary>The inherited fd of each slot, -1 for none.</summary>
    public ReadOnlySpan<int> SlotFds => _slots.AsSpan(0, _slotCount);

    /// <summary>Adds a NUL-terminated string.</summary>
    public uint Str(string text)
    {
        if (text.Length == 0)
        {
            return 1;
        }

        Reserve(Encoding.UTF8.GetMaxByteCount(text.Length) + 1);
        int start = _dataLength;
        _dataLength += Encoding.UTF8.GetBytes(text, _data.AsSpan(start));
        _data[_dataLength++] = 0;
        return (uint)start;
    }

    /// <summary>Adds a NUL-terminated string given as UTF-8.</summary>
    public uint Str(ReadOnlySpan<byte> text)
    {
        uint start = Blob(text);
        _data[_dataLength++] = 0; // Blob leaves room for it
        return start;
    }

    /// <summary>Adds bytes, 8-aligned so that they can be read as any struct.</summary>
    public uint Blob(ReadOnlySpan<byte> bytes)
    {
        Align();
        Reserve(bytes.Length + 1);
        int start = _dataLength;
        bytes.CopyTo(_data.AsSpan(start));
        _dataLength += bytes.Length;
        return (uint)start;
    }

    /// <summary>Adds a vector of strings, as argv and environ are.</summary>
    /// <param name="strings">The strings.</param>
    /// <param name="rooms">Entries behind them that init fills in: bytes of each, NUL included; empty strings until then.</param>
    public uint Vector(ReadOnlySpan<string> strings, params ReadOnlySpan<int> rooms)
    {
        int start = BeginVector(strings.Length + rooms.Length);
        for (int i = 0; i < strings.Length; i++)
        {
            SetEntry(start, i, Str(strings[i]));
        }

        for (int i = 0; i < rooms.Length; i++)
        {
            Reserve(rooms[i]);
            SetEntry(start, strings.Length + i, (uint)_dataLength);
            _data.AsSpan(_dataLength, rooms[i]).Clear();
            _dataLength += rooms[i];
        }

        return (uint)start;
    }

    /// <summary>Adds a vector of strings given as UTF-8, each with NUL at its end.</summary>
    public uint Vector(ReadOnlySpan<byte> strings)
    {
        int start = BeginVector(strings.Count((byte)0));
        uint text = Blob(strings);
        for (int i = 0, entry = 0; i < strings.Length; i++)
        {
            if (i == 0 || strings[i - 1] == 0)
            {
                SetEntry(start, entry++, text + (uint)i);
            }
        }

        return (uint)start;
    }

    private int BeginVector(int count)
    {
        Align();
        int size = (count + 1) * sizeof(ulong);
        Reserve(size);
        int start = _dataLength;
        _data.AsSpan(start, size).Clear();
        _dataLength += size;
        if (_vectorCount == _vectors.Length)
        {
            Array.Resize(ref _vectors, _vectorCount * 2);
        }

        _vectors[_vectorCount++] = (start, count);
        return start;
    }

    private void SetEntry(int vector, int index, uint offset) =>
        BinaryPrimitives.WriteUInt64LittleEndian(_data.AsSpan(vector + (index * sizeof(ulong))), offset);

    /// <summary>The string operand at a data-relative offset, for messages; empty for 0.</summary>
    public string ReadString(uint offset)
    {
        if (offset < 2)
        {
            return "";
        }

        ReadOnlySpan<byte> rest = _data.AsSpan((int)offset, _dataLength - (int)offset);
        int end = rest.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]);
    }

    /// <summary>The strings of a vector operand, for messages.</summary>
    public string[] ReadVector(uint offset)
    {
        int count = 0;
        while (VectorEntry(offset, count) != 0)
        {
            count++;
        }

        string[] strings = new string[count];
        for (int i = 0; i < count; i++)
        {
            strings[i] = ReadString((uint)VectorEntry(offset, i));
        }

        return strings;
    }

    /// <summary>Writes the finished image to a file.</summary>
    public SysResult WriteTo(int fd)
    {
        int slotsOffset = Unsafe.SizeOf<PlanHeader>();
        int stepsOffset = (slotsOffset + (_slotCount * sizeof(int)) + 7) & ~7;
        int dataOffset = stepsOffset + (_stepCount * Unsafe.SizeOf<Step>());
        Reserve(1);
        _data[_dataLength] = 0; // the plan ends with NUL

        Span<byte> head = new byte[stepsOffset];
        var header = new PlanHeader
        {
            Magic = PlanHeader.ExpectedMagic,
            Version = PlanHeader.CurrentVersion,
            HeaderSize = (ushort)slotsOffset,
            Length = (uint)(dataOffset + _dataLength + 1),
            SlotsOffset = (uint)slotsOffset,
            SlotCount = (uint)_slotCount,
            StepsOffset = (uint)stepsOffset,
            StepCount = (uint)_stepCount,
            DataOffset = (uint)dataOffset,
            DataLength = (uint)(_dataLength + 1),
            KeptDescriptors = KeptDescriptors,
        };
        MemoryMarshal.Write(head, in header);
        MemoryMarshal.AsBytes(SlotFds).CopyTo(head[slotsOffset..]);

        // In the file offsets count from its beginning, here from the beginning of the data.
        Shift(dataOffset);
        SysResult written = Sys.WriteAll(fd, head, MemoryMarshal.AsBytes(Steps), _data.AsSpan(0, _dataLength + 1));
        Shift(-dataOffset);
        return written;
    }

    private void Shift(int by)
    {
        foreach (ref Step step in _steps.AsSpan(0, _stepCount))
        {
            step.S0 = Shift(step.S0, by);
            step.S1 = Shift(step.S1, by);
            step.S2 = Shift(step.S2, by);
        }

        foreach ((int offset, int count) in _vectors.AsSpan(0, _vectorCount))
        {
            foreach (ref ulong entry in MemoryMarshal.Cast<byte, ulong>(_data.AsSpan(offset, count * sizeof(ulong))))
            {
                entry += (ulong)by;
            }
        }
    }

    private StepSource SourceOf(int index)
    {
        int i = _sources.Count - 1;
        while (_sources[i].FirstStep > index)
        {
            i--;
        }

        return _sources[i];
    }

    private static uint Shift(uint offset, int by) => offset == 0 ? 0 : offset + (uint)by;

    private ulong VectorEntry(uint offset, int index) =>
        BinaryPrimitives.ReadUInt64LittleEndian(_data.AsSpan((int)offset + (index * 8)));

    private void Align()
    {
        Reserve(8);
        while ((_dataLength & 7) != 0)
        {
            _data[_dataLength++] = 0;
        }
    }

    private void Reserve(int more)
    {
        if (_dataLength + more > _data.Length)
        {
            Array.Resize(ref _data, Math.Max(_data.Length * 2, _dataLength + more));
        }
    }

    /// <summary>Where the steps from one index on come from.</summary>
    private readonly record struct StepSource(int FirstStep, string Origin, string Subject);
}
