namespace Anocir.Runtime.Lifecycle;

/// <summary>--cgroup-manager disabled: the container stays in the cgroups of the caller, and no limit is set.</summary>
internal sealed class NoCgroups : ContainerCgroups
{
    /// <summary>Nothing to do.</summary>
    public NoCgroups()
        : base(null, null, false)
    {
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
    }
}
