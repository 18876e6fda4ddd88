using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using Anocir.Runtime.SeccompFilters;
using Anocir.Runtime.Spec;
using Xunit;

namespace Anocir.Runtime.Tests.SeccompFilters;

/// <summary>
/// Profiles of the size and shape that engines send by default, made here from the kernel's own list of calls: Docker's and containerd's deny
/// by EPERM what they do not list, Podman's by ENOSYS, with EPERM for what it knows and forbids.
/// </summary>
public sealed class SeccompProfileTests
{
    private const uint X8664 = 0xC000003E;
    private const uint I386 = 0x40000003;
    private const uint X32Bit = 0x40000000;
    private const uint Allow = 0x7fff0000;
    private const uint Eperm = 0x00050001;
    private const uint Enosys = 0x00050026;
    private const string Headers = "/usr/include/x86_64-linux-gnu/asm/";

    private static readonly string[] s_forbidden =
    [
        "mount", "umount2", "pivot_root", "reboot", "kexec_load", "init_module", "delete_module", "ptrace", "personality", "clone", "clone3", "socket",
    ];

    public SeccompProfileTests() => Assert.SkipUnless(
        RuntimeInformation.ProcessArchitecture == Architecture.X64 && File.Exists(Headers + "unistd_64.h"), "needs the C headers of x86-64");

    [Fact]
    public void Every_call_of_the_kernel_headers_resolves_and_so_do_those_newer_than_the_library()
    {
        Dictionary<string, uint> calls = Calls("unistd_64.h");
        string[] newer =
        [
            "cachestat", "fchmodat2", "map_shadow_stack", "futex_wake", "futex_wait", "futex_requeue", "statmount", "listmount", "lsm_get_self_attr",
            "lsm_set_self_attr", "lsm_list_modules", "mseal", "setxattrat", "getxattrat", "listxattrat", "removexattrat", "open_tree_attr",
            "file_getattr", "file_setattr", "listns", "rseq_slice_yield",
        ];
        List<string> notes = [];
        byte[] program = SeccompCompiler.Compile(Profile("SCMP_ACT_ERRNO", null, [.. calls.Keys, .. newer, "uretprobe", "riscv_hwprobe"]), notes).Program;

        Assert.Empty(notes);
        Assert.All(calls, call => Assert.Equal(Allow, BpfInterpreter.Run(program, X8664, call.Value)));
        Assert.All(Enumerable.Range(451, newer.Length), number => Assert.Equal(Allow, BpfInterpreter.Run(program, X8664, (uint)number)));
        Assert.Equal(Allow, BpfInterpreter.Run(program, X8664, 335));
        Assert.Equal(Enosys, BpfInterpreter.Run(program, X8664, 472));
        foreach ((string name, int index) in newer.Select(static (name, i) => (name, i)))
        {
            Assert.Equal(calls.GetValueOrDefault(name, (uint)(451 + index)), NewSystemCalls.Find(name, out _));
        }
    }

    [Fact]
    public void A_profile_like_dockers_decides_as_it_says_on_three_architectures()
    {
        Dictionary<string, uint> calls = Calls("unistd_64.h");
        Seccomp profile = Profile("SCMP_ACT_ERRNO", 1, [.. calls.Keys.Concat(Calls("unistd_32.h").Keys).Distinct().Except(s_forbidden)]);
        profile.Syscalls =
        [
            .. profile.Syscalls,
            .. ((ulong[])[0, 8, 0x20000, 0x20008, 0xffffffff]).Select(static value => Conditional("personality", "SCMP_CMP_EQ", value)),
            Conditional("socket", "SCMP_CMP_NE", 40),
            Conditional("clone", "SCMP_CMP_MASKED_EQ", 0x7E020000, 0),
            new SeccompSyscall { Names = ["clone3"], Action = "SCMP_ACT_ERRNO", ErrnoRet = 38 },
        ];
        byte[] program = SeccompCompiler.Compile(profile).Program;

        Assert.All(calls.Where(static c => !s_forbidden.Contains(c.Key)), call => Assert.Equal(Allow, BpfInterpreter.Run(program, X8664, call.Value)));
        Assert.All(Calls("unistd_32.h").Where(static c => !s_forbidden.Contains(c.Key)), call => Assert.Equal(Allow, BpfInterpreter.Run(program, I386, call.Value)));
        Assert.Equal(Allow, BpfInterpreter.Run(program, X8664, X32Bit));
        Assert.Equal(Eperm, BpfInterpreter.Run(program, X8664, calls["mount"]));
        Assert.Equal(Enosys, BpfInterpreter.Run(program, X8664, calls["clone3"]));
        Assert.Equal(Allow, BpfInterpreter.Run(program, X8664, calls["personality"], 8));
        Assert.Equal(Eperm, BpfInterpreter.Run(program, X8664, calls["personality"], 9));
        Assert.Equal(Allow, BpfInterpreter.Run(program, X8664, calls["socket"], 2));
        Assert.Equal(Eperm, BpfInterpreter.Run(program, X8664, calls["socket"], 40));
        Assert.Equal(Allow, BpfInterpreter.Run(program, X8664, calls["clone"], 0x11));
        Assert.Equal(Eperm, BpfInterpreter.Run(program, X8664, calls["clone"], 0x10000000));
        Assert.Equal(Enosys, BpfInterpreter.Run(program, X8664, 500));
        Assert.Equal(0u, BpfInterpreter.Run(program, 0xC00000B7, 63));
    }

    [Fact]
    public void A_profile_like_podmans_tells_forbidden_from_unknown()
    {
        Dictionary<string, uint> calls = Calls("unistd_64.h");
        Seccomp profile = Profile("SCMP_ACT_ERRNO", 38, [.. calls.Keys.Except(s_forbidden)]);
        profile.Syscalls = [.. profile.Syscalls, new SeccompSyscall { Names = s_forbidden, Action = "SCMP_ACT_ERRNO", ErrnoRet = 1 }];
        byte[] program = SeccompCompiler.Compile(profile).Program;

        Assert.Equal(Allow, BpfInterpreter.Run(program, X8664, calls["read"]));
        Assert.All(s_forbidden, name => Assert.Equal(Eperm, BpfInterpreter.Run(program, X8664, calls[name])));
        Assert.Equal(Enosys, BpfInterpreter.Run(program, X8664, 500));
    }

    private static Dictionary<string, uint> Calls(string header) => File.ReadLines(Headers + header)
        .Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Where(static words => words is ["#define", ['_', '_', 'N', 'R', '_', ..], _])
        .ToDictionary(static words => words[1]["__NR_".Length..], static words => uint.Parse(words[2], CultureInfo.InvariantCulture));

    private static Seccomp Profile(string action, uint? errno, string[] allowed) => new()
    {
        DefaultAction = action,
        DefaultErrnoRet = errno,
        Architectures = ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"],
        Syscalls = [new SeccompSyscall { Names = allowed, Action = "SCMP_ACT_ALLOW" }],
    };

    private static SeccompSyscall Conditional(string name, string op, ulong value, ulong two = 0) => new()
    {
        Names = [name], Action = "SCMP_ACT_ALLOW", Args = [new SeccompArg { Index = 0, Op = op, Value = value, ValueTwo = two }],
    };
}
