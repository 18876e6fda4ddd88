using Anocir.Cli.CommandLine;
using Anocir.Cli.Output;
using Anocir.Linux;
using Anocir.Runtime.Lifecycle;
using Anocir.Runtime.Spec;

namespace Anocir.Cli.Commands;

/// <summary><c>anocir features</c>.</summary>
internal static class FeaturesCommand
{
    public static int Run(Arguments arguments)
    {
        StandardOutput.Write(FeaturesDocument.Write(
            LibSeccomp.VersionText(), KernelFeatures.SeccompFlags(), KernelFeatures.Lacking()).Span);
        return 0;
    }
}
