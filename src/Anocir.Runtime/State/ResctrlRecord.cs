namespace Anocir.Runtime.State;

/// <summary>The resctrl group of a container (linux.intelRdt).</summary>
public sealed class ResctrlRecord
{
    /// <summary>Absolute directory of the class of service; processes that exec adds are written to its <c>tasks</c>.</summary>
    public required string Group { get; init; }

    /// <summary>Whether delete removes <see cref="Group"/>: it was named after the container and made for it.</summary>
    public bool Remove { get; init; }

    /// <summary>Absolute directory of the container's monitoring group, which delete removes; null without one.</summary>
    public string? Monitor { get; init; }
}
