using System;

namespace Anocir.Integration.Tests.Engines;

/// <summary>
/// One call of an engine: its words exactly, and what the engine relies on. Words are separated by blanks; {root}, {bundle}, {dir} (a
/// directory of the engine), {id}, {console} and {pidfd} (sockets it listens on) stand for what differs.
/// </summary>
/// <param name="Words">Everything after the program's name.</param>
/// <param name="Code">Exit code.</param>
/// <param name="Output">What standard output and error, which some engines read together, must match as a regular expression; null: silence.</param>
internal sealed record EngineCall(string Words, int Code = 0, string? Output = null)
{
    /// <summary>Standard input.</summary>
    public string? Input { get; init; }

    /// <summary>What else must hold afterwards.</summary>
    public Action<EngineScene> Then { get; init; } = static _ => { };
}
