using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Anocir.Linux;

/// <summary>
/// Thin wrappers over system calls, one family per file. They retry EINTR where the call is restartable (never for close),
/// return a <see cref="SysResult"/> and have no policy. Paths are UTF-8 without NUL bytes; callers check that.
/// </summary>
public static unsafe partial class Sys
{
    private const string Libc = "libc";

    /// <summary>Turns libc's -1/errno into a <see cref="SysResult"/>; must directly follow the call.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static SysResult Result(nint value) =>
        value == -1 ? new SysResult(-(nint)Marshal.GetLastPInvokeError()) : new SysResult(value);
}
