using Anocir.Cli.CommandLine;
using Anocir.Linux;
using Anocir.Runtime;

namespace Anocir.Cli.Commands;

/// <summary>What --version prints.</summary>
internal static class VersionText
{
    /// <summary>
    /// runc's lines. dockerd takes the word before "version" for the name, go-runc looks for "runc version "; podman and CRI-O only show the
    /// text. Under runc's name the version says whose it is (build metadata of semantic versioning): it is not one of runc's.
    /// </summary>
    public static string Get(string program) =>
        $"{program} version {BuildInfo.Version}{(program == ProgramName.Own ? "" : "+" + ProgramName.Own)}\ncommit: {BuildInfo.Commit}\n"
        + $"spec: {BuildInfo.SpecVersion}\nlibseccomp: {LibSeccomp.VersionText()}\n";
}
