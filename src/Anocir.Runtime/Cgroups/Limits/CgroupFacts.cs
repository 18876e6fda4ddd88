using System;
using System.Text;
using Anocir.Linux;

namespace Anocir.Runtime.Cgroups.Limits;

/// <summary>What the conversion of limits must know of the cgroup they are for; tests make it up.</summary>
public abstract class CgroupFacts
{
    /// <summary>Whether the controller's directory has a file of this name.</summary>
    public abstract bool Exists(string controller, string file);

    /// <summary>The content of a file, without the newline at its end; null when it cannot be read.</summary>
    public abstract string? Read(string controller, string file);

    /// <summary>A file that holds one number; null when it holds none (<c>max</c>) or cannot be read.</summary>
    public ulong? Number(string controller, string file) => ulong.TryParse(Read(controller, file), out ulong value) ? value : null;
}

/// <summary>Facts of real directories.</summary>
public sealed class DirectoryFacts(CgroupDirectories directories) : CgroupFacts
{
    /// <inheritdoc/>
    public override bool Exists(string controller, string file) =>
        directories.Find(controller) is { } directory && !Sys.AccessAt(At.FDCWD, directory + "/" + file, 0).IsError;

    /// <inheritdoc/>
    public override string? Read(string controller, string file) =>
        directories.Find(controller) is { } directory && !CgroupFile.TryReadAll(directory + "/" + file, out byte[] content).IsError
            ? Encoding.UTF8.GetString(content.AsSpan().TrimEnd((byte)'\n'))
            : null;
}
