using System;

namespace Anocir.Init;

/// <summary>The program.</summary>
internal static unsafe class InitMain
{
    /// <summary>Runs it; the result is the exit code.</summary>
    public static int Run(int argc, byte** argv, byte** envp)
    {
        ReadOnlySpan<byte> hello = "anocir-init\n"u8;
        fixed (byte* p = hello)
        {
            Native.Syscall(1, 1, (nint)p, hello.Length);
        }

        return 0;
    }
}
