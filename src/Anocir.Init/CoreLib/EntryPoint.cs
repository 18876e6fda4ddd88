using System.Runtime;

namespace Anocir.Init;

/// <summary>main() for musl's start code. The program itself is <see cref="InitMain"/>, which also compiles against the normal library.</summary>
internal static unsafe class EntryPoint
{
    [RuntimeExport("main")]
    private static int Main(int argc, byte** argv, byte** envp) => InitMain.Run(argc, argv, envp);
}
