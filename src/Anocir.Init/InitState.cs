using System.Runtime.CompilerServices;
using Anocir.Plan;

namespace Anocir.Init;

/// <summary>Where the text of a failure is, if there is any.</summary>
internal enum TextSource
{
    None,

    /// <summary>The log of the file system context in <see cref="InitState.TextFd"/>.</summary>
    FileSystemContext,

    /// <summary>What a hook has written to the file <see cref="InitState.TextFd"/> since <see cref="InitState.TextFrom"/>.</summary>
    HookOutput,

    /// <summary>The path in <see cref="InitState.Program"/>.</summary>
    Program,
}

/// <summary>Everything init knows while it runs a plan. One of it, on the stack of <see cref="InitMain"/>.</summary>
/// <remarks>Its accessors are used in every step, so they are not inlined: the size of init is charged to each container.</remarks>
internal unsafe struct InitState
{
    /// <summary>The plan, a private writable mapping.</summary>
    public byte* Plan;

    /// <summary>Its length.</summary>
    public uint Length;

    /// <summary>The slot table; -1 is an empty slot. Null until the table is checked.</summary>
    public int* Slots;

    public uint SlotCount;

    public Step* Steps;

    public uint StepCount;

    /// <summary>Index of the running step.</summary>
    public uint Current;

    /// <summary>What the running step has to say about its failure besides the error number.</summary>
    public long Detail;

    public TextSource TextSource;

    public int TextFd;

    public long TextFrom;

    /// <summary>The path <see cref="StepKind.FindProgram"/> chose.</summary>
    public byte* Program;

    public int ProgramIndex;

    /// <summary>Index of the step behind the one that read the start byte, from where failures go to the reply FIFO; 0 before.</summary>
    public uint Started;

    /// <summary>Exit code of the attended process, -1 before it is known.</summary>
    public int ExitCode;

    /// <summary>The record that came instead of a start, in memory of its own, or null.</summary>
    public StartFailure* Kept;

    /// <summary>The string or blob at a checked offset; null for offset 0 (none).</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public readonly byte* Data(uint offset) => offset == 0 ? null : Plan + offset;

    /// <summary>The relocated vector at a checked offset.</summary>
    public readonly byte** Vector(uint offset) => (byte**)(Plan + offset);

    /// <summary>The fd in a slot, -1 when there is none.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public readonly int Fd(short slot) => slot < 0 ? -1 : Slots[slot];

    /// <summary>The directory in a slot; without a slot the working directory.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public readonly int Directory(short slot) => slot < 0 ? At.FDCWD : Slots[slot];

    /// <summary>Fills an "out" slot with a call's result. Returns 0, or the error the result is.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public readonly int Fill(short slot, int fd)
    {
        if (fd < 0)
        {
            return fd;
        }

        Sys.Drop(Slots[slot]);
        Slots[slot] = fd;
        return 0;
    }
}
