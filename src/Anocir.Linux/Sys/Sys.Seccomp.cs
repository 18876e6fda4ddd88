using System.Runtime.InteropServices;

namespace Anocir.Linux;

public static unsafe partial class Sys
{
    [DllImport(Libc, EntryPoint = "syscall", SetLastError = true)]
    private static extern nint syscall_seccomp(nint number, nint operation, nint flags, void* program);

    /// <summary>Whether the kernel knows these SECCOMP_FILTER_FLAG_*: with them and no program it says EFAULT, else EINVAL. Nothing changes.</summary>
    public static bool SeccompFlagExists(uint flags)
    {
        const int SetModeFilter = 1;
        nint number = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 277 : 317;
        return Result(syscall_seccomp(number, SetModeFilter, (nint)flags, null)).Is(Errno.EFAULT);
    }
}
