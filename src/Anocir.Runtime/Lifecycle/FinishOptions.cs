using Anocir.Plan;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>What the attendant of a foreground run tells the controller that finishes it.</summary>
public sealed class FinishOptions
{
    /// <summary>The container.</summary>
    public required ContainerId Id { get; init; }

    /// <summary>Its init, so that a later container of the same name is left alone.</summary>
    public required int Pid { get; init; }

    /// <summary>Attributes to give back to the caller's terminal (<see cref="ForegroundTerminal.Format"/>), or empty.</summary>
    public string Terminal { get; init; } = "";

    /// <summary>What the program ended with, 0 to 255; null when the attendant did not get as far. Meaningless after a failed start.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Hexadecimal <see cref="StartFailure"/> and text, or empty.</summary>
    public string Failure { get; init; } = "";

    /// <summary>Whether the state stays (<c>--keep</c>).</summary>
    public bool Keep { get; init; }

    /// <summary>The file that got the PID, to be removed after a failed start; or null.</summary>
    public string? PidFile { get; init; }
}
