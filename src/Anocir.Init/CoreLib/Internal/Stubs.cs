// The whole contract between ILC's generated code and this program, a reason per stub. Nothing here returns to a caller that failed.
using System.Runtime;

namespace Internal.Runtime.CompilerHelpers;

/// <summary>Called by generated code where C# would throw. There are no exceptions: a check that fails is a bug, and stops init.</summary>
internal static class ThrowHelpers
{
    // An exit code that no step uses, so that the controller can tell "bug in init" from an exit of the program.
    private const int BugExitCode = 70; // EX_SOFTWARE (sysexits.h)

    public static void ThrowIndexOutOfRangeException() => Stop(); // spans and inline arrays

    public static void ThrowOverflowException() => Stop(); // checked arithmetic, huge stackalloc

    public static void ThrowDivideByZeroException() => Stop(); // division by a variable

    public static void ThrowNullReferenceException() => Stop(); // ILC looks it up for null checks it cannot leave to SIGSEGV

    private static void Stop() => Anocir.Init.Native.Exit(BugExitCode);
}

internal static class Startup
{
    /// <summary>The stack cookie of a method with a stack buffer did not match: the stack is damaged.</summary>
    [RuntimeExport("RhpFallbackFailFast")]
    private static void FailFast() => Anocir.Init.Native.Exit(70);

    /// <summary>Referenced by the library start routine that ILC emits. Nobody calls that routine; main() is exported directly.</summary>
    [RuntimeExport("RhpReversePInvoke")]
    private static void ReversePInvoke()
    {
    }

    /// <summary>As <see cref="ReversePInvoke"/>.</summary>
    [RuntimeExport("RhpReversePInvokeReturn")]
    private static void ReversePInvokeReturn()
    {
    }
}
