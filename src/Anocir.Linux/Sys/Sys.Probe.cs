using System.Runtime.InteropServices;

namespace Anocir.Linux;

public static unsafe partial class Sys
{
    [DllImport(Libc, EntryPoint = "syscall", SetLastError = true)]
    private static extern nint syscall_probe(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

    /// <summary>
    /// Asks whether the kernel has a system call, without effect: it gets -1 and zeros, which none of those that are asked for accepts. ENOSYS:
    /// it has not, or a filter says so; EPERM for a caller with all rights: a filter forbids it.
    /// </summary>
    public static SysResult Probe(int number) => Result(syscall_probe(number, -1, 0, 0, 0, 0, 0));

    /// <summary>
    /// Whether the kernel knows an MPOL_* mode that takes nodes (set_mempolicy(2)). It is tried on the calling thread, on node 0, and taken back:
    /// for a command that does nothing else.
    /// </summary>
    public static bool MemoryPolicyExists(int mode)
    {
        nint number = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 237 : 238;
        nint nodes = 1;
        const int BitsRead = 64;
        SysResult set = Result(syscall_probe(number, mode, (nint)(&nodes), BitsRead, 0, 0, 0));
        _ = syscall_probe(number, 0, 0, 0, 0, 0, 0); // MPOL_DEFAULT
        return !set.Is(Errno.EINVAL);
    }
}
