namespace Anocir.Runtime.Validation;

/// <summary>What the checks must know besides config.json.</summary>
public sealed class ValidationOptions
{
    /// <summary>Absolute path of the bundle, which relative mount sources start from.</summary>
    public string Bundle { get; init; } = "/";

    /// <summary>Whether the effective user is not root: IDs and mounts are then limited to what a user namespace gives.</summary>
    public bool Rootless { get; init; }

    /// <summary><c>--no-pivot</c>.</summary>
    public bool NoPivot { get; init; }
}
