namespace Anocir.Runtime.Lifecycle;

/// <summary>Options of restore.</summary>
public sealed class RestoreOptions
{
    /// <summary>What it shares with create and run.</summary>
    public required CreateOptions Create { get; init; }

    /// <summary>What it shares with checkpoint.</summary>
    public required CheckpointOptions Checkpoint { get; init; }
}
