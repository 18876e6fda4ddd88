using System.Runtime;

namespace Anocir.Init;

/// <summary>main() for musl's start code. The program itself is <see cref="InitMain"/>, which also compiles against the normal library.</summary>
internal static unsafe class EntryPoint
{
    // musl's exit, behind main, would try exit(2) for ever where a seccomp filter denies it.
    [RuntimeExport("main")]
    private static void Main(int argc, byte** argv, byte** envp) => Native.Exit(InitMain.Run(argc, argv, envp));
}
