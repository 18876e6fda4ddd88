using Anocir.Linux;

namespace Anocir.Runtime.Lifecycle;

/// <summary>
/// Keeps signals pending while a command has something half done. Those sent to a foreground command are then the attendant's, which passes them on
/// to the program; all others are forgotten with the end of the command. What this process starts has an empty mask
/// (<see cref="Sys.Spawn"/>).
/// </summary>
internal static class SignalBlock
{
    /// <summary>Every signal, as the attendant wants it.</summary>
    public const ulong All = ulong.MaxValue;

    // HUP, INT, QUIT, USR1, USR2, ALRM, TERM: what people, terminals and service managers send, and what would end this process.
    private const ulong Ending = (1ul << 0) | (1ul << 1) | (1ul << 2) | (1ul << 9) | (1ul << 11) | (1ul << 13) | (1ul << 14);

    /// <summary>Blocks the signals that would end this process; the mask before, for <see cref="Sys.SetSignalMask"/>.</summary>
    public static ulong Begin() => Sys.BlockSignals(Ending);
}
