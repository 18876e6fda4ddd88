using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Planning;

/// <summary>What the helper of a restore needs, which becomes CRIU.</summary>
public sealed class RestoreInputs
{
    /// <summary>The configuration.</summary>
    public required RuntimeConfig Config { get; init; }

    /// <summary>Absolute path of the bundle.</summary>
    public required string Bundle { get; init; }

    /// <summary>Absolute path of the root file system.</summary>
    public required string Rootfs { get; init; }

    /// <summary>An empty directory, on which the root is mounted for CRIU.</summary>
    public required string CriuRoot { get; init; }

    /// <summary>Absolute paths that CRIU works in: the images' directory, that of the log. Their descriptors are sent to the controller.</summary>
    public required string[] Directories { get; init; }

    /// <summary>The helper's end of the socket to the controller.</summary>
    public required int SyncFd { get; init; }

    /// <summary>Descriptors that CRIU inherits under the same numbers.</summary>
    public required int[] Kept { get; init; }

    /// <summary>Path of CRIU.</summary>
    public required string Program { get; init; }

    /// <summary>Its argv.</summary>
    public required string[] Arguments { get; init; }

    /// <summary>Its environ: UTF-8, each entry with NUL at its end.</summary>
    public required byte[] Environment { get; init; }
}
