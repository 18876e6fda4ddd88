using System;
using Anocir.Linux;
using Anocir.Runtime.Launch;
using Anocir.Runtime.Planning;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>A container that waits for start, with what the process that made it still holds.</summary>
internal sealed class CreatedContainer : IDisposable
{
    /// <summary>The store, whose descriptor <see cref="Directory"/> needs.</summary>
    public required StateStore Store { get; init; }

    /// <summary>Its locked directory.</summary>
    public required ContainerDirectory Directory { get; init; }

    /// <summary>Its record, as on disk.</summary>
    public required ContainerRecord Record { get; init; }

    /// <summary>The bundle it came from.</summary>
    public required ContainerBundle Bundle { get; init; }

    /// <summary>The plan its init executes, for messages.</summary>
    public required PlanWriter Plan { get; init; }

    /// <summary>The image of anocir-init, for attending.</summary>
    public required InitProgram Program { get; init; }

    /// <summary>pidfd of init.</summary>
    public required Fd Pidfd { get; init; }

    /// <summary>The signal mask of this process before it had something half done.</summary>
    public required ulong CallerSignals { get; init; }

    /// <summary>Master of its terminal when the caller serves that itself, else not open.</summary>
    public Fd ConsoleMaster { get; set; } = new(-1);

    /// <inheritdoc/>
    public void Dispose()
    {
        ConsoleMaster.Dispose();
        Pidfd.Dispose();
        Program.Dispose();
        Directory.Dispose();
        Store.Dispose();
    }
}
