using System;
using System.Runtime.InteropServices;

namespace Anocir.Init;

/// <summary>The seam of the init sources, over libc: what CoreLib/Native.cs is in the real program.</summary>
internal static class Native
{
    public static nint Syscall(nint number, nint a = 0, nint b = 0, nint c = 0, nint d = 0, nint e = 0) =>
        Syscall(number, a, b, c, d, e, 0);

    public static nint Syscall(nint number, nint a, nint b, nint c, nint d, nint e, nint f)
    {
        nint result = syscall(number, a, b, c, d, e, f);
        return result == -1 ? -Marshal.GetLastPInvokeError() : result;
    }

    public static void Exit(int code) => throw new InvalidOperationException($"init would exit with {code}");

    [DllImport("libc", SetLastError = true)]
    private static extern nint syscall(nint number, nint a, nint b, nint c, nint d, nint e, nint f);
}
