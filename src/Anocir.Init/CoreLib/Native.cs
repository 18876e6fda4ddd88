using System.Runtime;
using System.Runtime.CompilerServices;

namespace Anocir.Init;

/// <summary>
/// The only door to the kernel, and the only external functions: musl's syscall() and its errno. The tests that compile the init
/// sources against the normal base library bring their own class of this name.
/// </summary>
internal static unsafe class Native
{
#if ANOCIR_ARM64
    private const int NumberExit = 93, NumberExitGroup = 94;
#else
    private const int NumberExit = 60, NumberExitGroup = 231;
#endif

    // One per number of arguments, not inlined: init is mostly calls of these, and an argument less is an instruction less each time.

    /// <summary>Makes a system call. Returns the kernel's value: the result, or -errno.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static nint Syscall(nint number, nint a = 0) => Syscall(number, a, 0, 0, 0, 0, 0);

    /// <inheritdoc cref="Syscall(nint, nint)"/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static nint Syscall(nint number, nint a, nint b) => Syscall(number, a, b, 0, 0, 0, 0);

    /// <inheritdoc cref="Syscall(nint, nint)"/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static nint Syscall(nint number, nint a, nint b, nint c) => Syscall(number, a, b, c, 0, 0, 0);

    /// <inheritdoc cref="Syscall(nint, nint)"/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static nint Syscall(nint number, nint a, nint b, nint c, nint d) => Syscall(number, a, b, c, d, 0, 0);

    /// <inheritdoc cref="Syscall(nint, nint)"/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static nint Syscall(nint number, nint a, nint b, nint c, nint d, nint e) => Syscall(number, a, b, c, d, e, 0);

    /// <inheritdoc cref="Syscall(nint, nint)"/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static nint Syscall(nint number, nint a, nint b, nint c, nint d, nint e, nint f)
    {
        nint result = syscall(number, a, b, c, d, e, f);
        return result == -1 ? -*errno() : result;
    }

    /// <summary>exit_group(2): ends the process at once. Where the container's seccomp filter denies it, exit(2); where it denies both, a fault.</summary>
    public static void Exit(int code)
    {
        while (true)
        {
            syscall(NumberExitGroup, code, 0, 0, 0, 0, 0);
            syscall(NumberExit, code, 0, 0, 0, 0, 0);

            // No code lies that low. The signal of a fault ends PID 1 of a PID namespace too (force_sig_info_to_task, kernel/signal.c).
            *(byte*)(nint)(code & 0xff) = 0;
        }
    }

    [RuntimeImport("*", "syscall")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern nint syscall(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

    [RuntimeImport("*", "__errno_location")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern int* errno();
}
