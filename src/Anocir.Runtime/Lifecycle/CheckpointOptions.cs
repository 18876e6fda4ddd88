using Anocir.Runtime.Criu;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>Options of checkpoint and restore about files. Paths are as the user gave them, relative to the working directory of the caller.</summary>
public sealed class CheckpointOptions
{
    /// <summary>The container.</summary>
    public required ContainerId Id { get; init; }

    /// <summary>Directory of the image files.</summary>
    public string ImagePath { get; init; } = "checkpoint";

    /// <summary>Directory of log and statistics; null: that of the image files.</summary>
    public string? WorkPath { get; init; }

    /// <summary>checkpoint: only memory is saved, and the container goes on.</summary>
    public bool PreDump { get; init; }

    /// <summary>checkpoint: a descriptor of the caller on which a zero byte says that pages can be asked for; -1 without.</summary>
    public int StatusFd { get; init; } = -1;

    /// <summary>What is CRIU's own.</summary>
    public required CheckpointChoices Choices { get; init; }
}
