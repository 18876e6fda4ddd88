using Anocir.Linux;
using Anocir.Runtime;

namespace Anocir.Cli.Commands;

/// <summary>What --version prints.</summary>
internal static class VersionText
{
    /// <summary>
    /// runc's lines under anocir's own name. dockerd takes the word before "version" for the name and wants a version or a
    /// <c>commit:</c> line, so there is no need to call oneself runc; podman and CRI-O only show the text.
    /// </summary>
    public static string Get() =>
        $"anocir version {BuildInfo.Version}\ncommit: {BuildInfo.Commit}\nspec: {BuildInfo.SpecVersion}\nlibseccomp: {LibSeccomp.VersionText()}\n";
}
