namespace Anocir.Runtime;

/// <summary>What this build is. Version and Commit come from the build (eng/BuildInfo.targets).</summary>
public static partial class BuildInfo
{
    /// <summary>The version of the OCI runtime specification that is implemented.</summary>
    public const string SpecVersion = "1.3.0";
}
