using Anocir.Runtime.Spec;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>The config as it was at create: the bundle's file may change afterwards without effect (runtime.md "Lifecycle" 2).</summary>
internal static class StoredConfig
{
    /// <summary>The kept config; null when the create was killed before it was kept.</summary>
    public static RuntimeConfig? Load(ContainerDirectory directory) =>
        directory.ReadFile(StateFiles.Config) is { } text ? ConfigReader.Parse(text) : null;
}
