using System.IO;
using System.Linq;

namespace Anocir.Integration.Tests.Resources;

/// <summary>The files of a container's cgroup as the host sees them, whatever the version.</summary>
internal sealed class Limit(string tag)
{
    /// <summary>Whether the host has only cgroup v2.</summary>
    public static bool IsUnified => Fixture.Cgroups.Hierarchies().Count == 1;

    /// <summary>The content of the container's file, which has another name in each version; null when it has none.</summary>
    public string? this[string v1, string v2] => Read(IsUnified ? v2 : v1);

    /// <summary>The content of a file with the same name in both.</summary>
    public string? this[string file] => Read(file);

    private string? Read(string file) => Fixture.Cgroups.Named(tag).Select(directory => Path.Combine(directory, file)).Where(File.Exists)
        .Select(static path => File.ReadAllText(path).TrimEnd('\n')).FirstOrDefault();
}
