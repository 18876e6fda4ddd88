using Anocir.Runtime.Spec;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>The limits of a container as they are now: those of its configuration, until an update wrote others down.</summary>
internal static class StoredResources
{
    /// <summary>The limits; empty when the configuration has none.</summary>
    public static Resources Load(ContainerDirectory directory) =>
        directory.ReadFile(StateFiles.Resources) is { } text
            ? ConfigReader.ParseResources(text)
            : StoredConfig.Load(directory)?.Linux?.Resources ?? new Resources();

    /// <summary>Writes them down. The caller holds the lock.</summary>
    public static void Save(ContainerDirectory directory, Resources resources) =>
        directory.WriteFile(StateFiles.Resources, ResourcesWriter.Write(resources).Span);
}
