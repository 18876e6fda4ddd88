using System;
using System.Runtime.InteropServices;
using System.Threading;
using Anocir.Runtime.SeccompFilters;
using Anocir.Runtime.Spec;
using Xunit;

namespace Anocir.Runtime.Tests.SeccompFilters;

/// <summary>The kernel takes the compiled programs and does what they say, tried in a thread that ends afterwards.</summary>
public sealed unsafe class SeccompKernelTests
{
    [DllImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static extern nint syscall(nint number, nint a, nint b, void* c);

    [Fact]
    public void KernelLoadsTheProgram()
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "needs x86-64");
        Assert.SkipUnless(Environment.UserName == "root", "needs root");
        const int SeccompCall = 317;
        const int SetModeFilter = 1;
        const int Getppid = 110;
        const int Mseal = 462;

        SeccompProgram filter = SeccompCompiler.Compile(new Seccomp
        {
            DefaultAction = "SCMP_ACT_ALLOW",
            Architectures = ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"],
            Syscalls =
            [
                new SeccompSyscall { Action = "SCMP_ACT_ERRNO", ErrnoRet = 77, Names = ["getppid"] },
                new SeccompSyscall { Action = "SCMP_ACT_ERRNO", ErrnoRet = 78, Names = ["mseal"] },
            ],
        });
        (nint Result, int Errno)[] results = new (nint, int)[3];
        var thread = new Thread(() =>
        {
            fixed (byte* program = filter.Program)
            {
                // struct sock_fprog: a 16-bit length, padding, a pointer.
                ulong* fprog = stackalloc ulong[2] { (ulong)filter.Program.Length / 8, (ulong)program };
                results[0] = (syscall(SeccompCall, SetModeFilter, (nint)filter.Flags, fprog), Marshal.GetLastPInvokeError());
            }

            results[1] = (syscall(Getppid, 0, 0, null), Marshal.GetLastPInvokeError());
            results[2] = (syscall(Mseal, 0, 0, null), Marshal.GetLastPInvokeError());
        });
        thread.Start();
        thread.Join();
        Assert.Equal(0, results[0].Result);
        Assert.Equal((-1, 77), results[1]);
        Assert.Equal((-1, 78), results[2]);
    }
}
