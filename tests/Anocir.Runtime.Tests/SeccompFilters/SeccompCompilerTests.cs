using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Anocir.Runtime.Errors;
using Anocir.Runtime.SeccompFilters;
using Anocir.Runtime.Spec;
using CsCheck;
using Xunit;

namespace Anocir.Runtime.Tests.SeccompFilters;

/// <summary>What compiled filters decide. Numbers are those of x86-64 unless a test says otherwise.</summary>
public sealed class SeccompCompilerTests
{
    private const uint X8664 = 0xC000003E;
    private const uint I386 = 0x40000003;
    private const uint Arm64 = 0xC00000B7;

    private const uint Allow = 0x7fff0000;
    private const uint Eperm = 0x00050001;
    private const uint Enosys = 0x00050026;
    private const uint KillThread = 0;

    private const uint Read = 0;
    private const uint Write = 1;
    private const uint Open = 2;
    private const uint Personality = 135;
    private const uint Openat2 = 437;
    private const uint FutexWaitv = 449;

    public SeccompCompilerTests() =>
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "needs x86-64");

    [Fact]
    public void ListedCallsAreAllowedOthersGetTheDefault()
    {
        byte[] program = Compile(Profile("SCMP_ACT_ERRNO", Rule("SCMP_ACT_ALLOW", "read", "openat2")));
        Assert.Equal(Allow, BpfInterpreter.Run(program, X8664, Read));
        Assert.Equal(Allow, BpfInterpreter.Run(program, X8664, Openat2));
        Assert.Equal(Eperm, BpfInterpreter.Run(program, X8664, Write));
        Assert.Equal(KillThread, BpfInterpreter.Run(program, I386, 3));
        Assert.Equal(KillThread, BpfInterpreter.Run(program, Arm64, 63));
    }

    [Fact]
    public void CallsNewerThanTheProfileGetEnosys()
    {
        byte[] program = Compile(Profile("SCMP_ACT_ERRNO", Rule("SCMP_ACT_ALLOW", "read", "openat2")));
        Assert.Equal(Enosys, BpfInterpreter.Run(program, X8664, Openat2 + 1));
        Assert.Equal(Enosys, BpfInterpreter.Run(program, X8664, 9999));
        Assert.Equal(Eperm, BpfInterpreter.Run(program, X8664, Openat2 - 1));
    }

    /// <summary>Naming a call, with whatever action, says that the profile knows it.</summary>
    [Fact]
    public void CallNamedWithTheDefaultActionIsNotNew()
    {
        byte[] program = Compile(Profile("SCMP_ACT_ERRNO", Rule("SCMP_ACT_ERRNO", "futex_waitv"), Rule("SCMP_ACT_ALLOW", "read")));
        Assert.Equal(Eperm, BpfInterpreter.Run(program, X8664, FutexWaitv));
        Assert.Equal(Enosys, BpfInterpreter.Run(program, X8664, FutexWaitv + 1));
    }

    [Theory]
    [InlineData("SCMP_ACT_ALLOW", Allow)]
    [InlineData("SCMP_ACT_LOG", 0x7ffc0000)]
    [InlineData("SCMP_ACT_TRACE", 0x7ff00001)]
    public void PermissiveDefaultAppliesToNewCallsToo(string action, uint expected)
    {
        byte[] program = Compile(Profile(action, Rule("SCMP_ACT_ERRNO", "read")));
        Assert.Equal(expected, BpfInterpreter.Run(program, X8664, 9999));
        Assert.Equal(Eperm, BpfInterpreter.Run(program, X8664, Read));
    }

    [Theory]
    [InlineData("SCMP_ACT_KILL", null, 0)]
    [InlineData("SCMP_ACT_KILL_THREAD", null, 0)]
    [InlineData("SCMP_ACT_KILL_PROCESS", null, 0x80000000)]
    [InlineData("SCMP_ACT_TRAP", null, 0x00030000)]
    [InlineData("SCMP_ACT_ERRNO", null, Eperm)]
    [InlineData("SCMP_ACT_ERRNO", 38u, Enosys)]
    [InlineData("SCMP_ACT_ERRNO", 0u, 0x00050000)]
    [InlineData("SCMP_ACT_TRACE", 77u, 0x7ff0004d)]
    [InlineData("SCMP_ACT_LOG", null, 0x7ffc0000)]
    [InlineData("SCMP_ACT_LOG", 5u, 0x7ffc0000)]
    public void EveryActionHasItsReturnValue(string action, uint? errnoRet, uint expected)
    {
        SeccompSyscall rule = Rule(action, "write");
        rule.ErrnoRet = errnoRet;
        Assert.Equal(expected, BpfInterpreter.Run(Compile(Profile("SCMP_ACT_ALLOW", rule)), X8664, Write));
        Seccomp asDefault = Profile(action, Rule("SCMP_ACT_ALLOW", "openat2"));
        asDefault.DefaultErrnoRet = errnoRet;
        Assert.Equal(expected, BpfInterpreter.Run(Compile(asDefault), X8664, Write));
    }

    [Fact]
    public void OperatorsCompareSixtyFourBits()
    {
        Gen<ulong> value = Gen.OneOf(Gen.ULong, Gen.ULong[0, 3], Gen.ULong[0xfffffffe, 0x100000001]);
        Gen.Select(Gen.Int[0, 6], Gen.UInt[0, 5], value, value, value).Sample((op, index, expected, second, actual) =>
        {
            (string name, bool holds) = op switch
            {
                0 => ("SCMP_CMP_NE", actual != expected),
                1 => ("SCMP_CMP_LT", actual < expected),
                2 => ("SCMP_CMP_LE", actual <= expected),
                3 => ("SCMP_CMP_EQ", actual == expected),
                4 => ("SCMP_CMP_GE", actual >= expected),
                5 => ("SCMP_CMP_GT", actual > expected),
                _ => ("SCMP_CMP_MASKED_EQ", (actual & expected) == (second & expected)),
            };
            SeccompSyscall rule = Rule("SCMP_ACT_ALLOW", "write");
            rule.Args = [new SeccompArg { Index = index, Op = name, Value = expected, ValueTwo = second }];
            ulong[] arguments = new ulong[6];
            arguments[index] = actual;
            byte[] program = Compile(Profile("SCMP_ACT_ERRNO", rule));
            Assert.Equal(holds ? Allow : Eperm, BpfInterpreter.Run(program, X8664, Write, arguments));
        }, iter: 300);
    }

    [Fact]
    public void ConditionsOnDifferentArgumentsMustAllHold()
    {
        byte[] program = Compile(Profile("SCMP_ACT_ERRNO", WithArgs(Rule("SCMP_ACT_ALLOW", "write"), (0, 7), (1, 8))));
        Assert.Equal(Allow, BpfInterpreter.Run(program, X8664, Write, 7, 8));
        Assert.Equal(Eperm, BpfInterpreter.Run(program, X8664, Write, 7, 9));
        Assert.Equal(Eperm, BpfInterpreter.Run(program, X8664, Write, 6, 8));
    }

    [Fact]
    public void OfConditionsWithARepeatedArgumentOneSuffices()
    {
        byte[] program = Compile(Profile(
            "SCMP_ACT_ERRNO", WithArgs(Rule("SCMP_ACT_ALLOW", "personality"), (0, 0), (0, 8), (0, 0xffffffff), (1, 5))));
        foreach (ulong allowed in new ulong[] { 0, 8, 0xffffffff })
        {
            Assert.Equal(Allow, BpfInterpreter.Run(program, X8664, Personality, allowed));
        }

        Assert.Equal(Allow, BpfInterpreter.Run(program, X8664, Personality, 1, 5));
        Assert.Equal(Eperm, BpfInterpreter.Run(program, X8664, Personality, 1, 4));
    }

    [Fact]
    public void OtherArchitecturesHaveTheirOwnNumbersAndAges()
    {
        Seccomp profile = Profile("SCMP_ACT_ERRNO", Rule("SCMP_ACT_ALLOW", "write", "openat2", "socketcall"));
        profile.Architectures = ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"];
        byte[] program = Compile(profile);
        Assert.Equal(Allow, BpfInterpreter.Run(program, I386, 4));
        Assert.Equal(Allow, BpfInterpreter.Run(program, I386, 102));
        Assert.Equal(Eperm, BpfInterpreter.Run(program, I386, 1));
        Assert.Equal(Enosys, BpfInterpreter.Run(program, I386, 438));
        Assert.Equal(Allow, BpfInterpreter.Run(program, X8664, 0x40000001));
        Assert.Equal(Eperm, BpfInterpreter.Run(program, X8664, 0x40000002));
        Assert.Equal(Enosys, BpfInterpreter.Run(program, X8664, 0x40000000 + 9999));
        Assert.Equal(Allow, BpfInterpreter.Run(program, X8664, Write));
        Assert.Equal(Enosys, BpfInterpreter.Run(program, X8664, 438));
    }

    /// <summary>Without x32 in the config its calls get what the library gives to foreign architectures, new or not.</summary>
    [Fact]
    public void X32IsForeignUnlessListed()
    {
        byte[] program = Compile(Profile("SCMP_ACT_ERRNO", Rule("SCMP_ACT_ALLOW", "write", "openat2")));
        Assert.Equal(KillThread, BpfInterpreter.Run(program, X8664, 0x40000001));
        Assert.Equal(KillThread, BpfInterpreter.Run(program, X8664, 0x40000000 + 9999));
    }

    [Fact]
    public void CallsTheLibraryDoesNotKnowAreDecidedToo()
    {
        const uint Mseal = 462;
        const uint Cachestat = 451;
        Seccomp profile = Profile("SCMP_ACT_ERRNO", Rule("SCMP_ACT_ALLOW", "read", "mseal"), Rule("SCMP_ACT_LOG", "mseal"));
        profile.Architectures = ["SCMP_ARCH_X86", "SCMP_ARCH_X32"];
        byte[] program = Compile(profile);
        Assert.Equal(Allow, BpfInterpreter.Run(program, X8664, Mseal));
        Assert.Equal(Allow, BpfInterpreter.Run(program, I386, Mseal));
        Assert.Equal(Allow, BpfInterpreter.Run(program, X8664, 0x40000000 | Mseal));
        Assert.Equal(Eperm, BpfInterpreter.Run(program, X8664, Cachestat));

        byte[] denying = Compile(Profile("SCMP_ACT_ALLOW", Rule("SCMP_ACT_KILL_PROCESS", "mseal")));
        Assert.Equal(0x80000000, BpfInterpreter.Run(denying, X8664, Mseal));
        Assert.Equal(Allow, BpfInterpreter.Run(denying, X8664, Cachestat));
    }

    [Fact]
    public void UnknownCallsAreIgnoredWithANote()
    {
        var notes = new List<string>();
        Seccomp profile = Profile(
            "SCMP_ACT_ERRNO", Rule("SCMP_ACT_ALLOW", "read", "no_such_call", new string('x', 500), "re\0ad"));
        byte[] program = SeccompCompiler.Compile(profile, notes).Program;
        Assert.Equal(Allow, BpfInterpreter.Run(program, X8664, Read));
        Assert.Equal(3, notes.Count);
        Assert.Equal("unknown seccomp syscall \"no_such_call\" ignored", notes[0]);
    }

    /// <summary>Conditions on calls that the library may not know; how they compare is in <see cref="SeccompOracleTests"/>.</summary>
    [Theory]
    [InlineData("SCMP_ACT_ERRNO", "SCMP_ACT_ALLOW", Eperm, Allow)]
    [InlineData("SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", Allow, Eperm)]
    public void ConditionsOnCallsTheLibraryDoesNotKnowCount(string defaultAction, string action, uint otherwise, uint decided)
    {
        var notes = new List<string>();
        SeccompSyscall repeated = WithArgs(Rule(action, "setxattrat"), (0, 1), (0, 2));
        Seccomp profile = Profile(defaultAction, WithArgs(Rule(action, "mseal"), (0, 1), (3, 7)), repeated, Rule("SCMP_ACT_LOG", "listns"));
        byte[] program = SeccompCompiler.Compile(profile, notes, failUnknown: true).Program;
        Assert.Empty(notes);
        Assert.Equal(decided, BpfInterpreter.Run(program, X8664, 462, 1, 0, 0, 7));
        Assert.Equal(otherwise, BpfInterpreter.Run(program, X8664, 462, 1, 0, 0, 8));
        Assert.Equal(otherwise, BpfInterpreter.Run(program, X8664, 462, 2, 0, 0, 7));
        Assert.Equal(decided, BpfInterpreter.Run(program, X8664, 463, 2));
        Assert.Equal(otherwise, BpfInterpreter.Run(program, X8664, 463, 3));
        Assert.Equal(0x7ffc0000u, BpfInterpreter.Run(program, X8664, 470));
    }

    /// <summary>A profile that names a call knows it, whatever the conditions: no ENOSYS where they do not hold.</summary>
    [Fact]
    public void ACallWithConditionsIsTheNewestOfAProfileToo()
    {
        byte[] program = Compile(Profile("SCMP_ACT_ERRNO", Rule("SCMP_ACT_ALLOW", "read"), WithArgs(Rule("SCMP_ACT_ALLOW", "mseal"), (0, 1))));
        Assert.Equal(Eperm, BpfInterpreter.Run(program, X8664, 462, 2));
        Assert.Equal(Enosys, BpfInterpreter.Run(program, X8664, 463, 1));
    }

    /// <summary>As for calls that the library knows (ptrace here).</summary>
    [Theory]
    [InlineData("ptrace", 101)]
    [InlineData("mseal", 462)]
    public void OfRulesForOneCallTheFirstWithoutConditionsDecides(string name, uint number)
    {
        SeccompSyscall conditional = WithArgs(Rule("SCMP_ACT_LOG", name), (0, 1));
        byte[] program = Compile(Profile(
            "SCMP_ACT_ERRNO", Rule("SCMP_ACT_ERRNO", name), conditional, Rule("SCMP_ACT_ALLOW", name), Rule("SCMP_ACT_KILL", name)));
        Assert.Equal(Allow, BpfInterpreter.Run(program, X8664, number, 1));
        Assert.Equal(Allow, BpfInterpreter.Run(program, X8664, number, 2));
    }

    [Fact]
    public void RulesThatContradictEachOtherAreRefused()
    {
        ContainerException e = Assert.Throws<ContainerException>(() => Compile(Profile(
            "SCMP_ACT_ERRNO", WithArgs(Rule("SCMP_ACT_LOG", "ptrace"), (0, 1), (1, 2)), WithArgs(Rule("SCMP_ACT_ALLOW", "read", "ptrace"), (0, 1)))));
        Assert.Equal(
            "cannot add the seccomp rule for 'ptrace' (linux.seccomp.syscalls[1]): file exists (EEXIST); hint: an earlier rule has another "
            + "action for arguments that this one is about too",
            e.Message);

        // The same rule twice says nothing new.
        SeccompSyscall rule = WithArgs(Rule("SCMP_ACT_ALLOW", "ptrace"), (0, 1));
        byte[] program = Compile(Profile("SCMP_ACT_ERRNO", rule, rule, Rule("SCMP_ACT_ALLOW", "read"), Rule("SCMP_ACT_ALLOW", "read")));
        Assert.Equal(Allow, BpfInterpreter.Run(program, X8664, 101, 1));
        Assert.Equal(Eperm, BpfInterpreter.Run(program, X8664, 101, 2));
    }

    /// <summary>On i386 a socket call is also the call socketcall with a first argument of its own (1 for socket), so the two can contradict.</summary>
    [Fact]
    public void OnI386SocketcallCanContradictACallThatItCarries()
    {
        Seccomp profile = Profile("SCMP_ACT_ERRNO", Rule("SCMP_ACT_ALLOW", "socket"), WithArgs(Rule("SCMP_ACT_LOG", "socketcall"), (0, 1)));
        Assert.Equal(Allow, BpfInterpreter.Run(Compile(profile), X8664, 41));

        profile.Architectures = ["SCMP_ARCH_X86"];
        ContainerException e = Assert.Throws<ContainerException>(() => Compile(profile));
        Assert.StartsWith("cannot add the seccomp rule for 'socketcall' (linux.seccomp.syscalls[1]): file exists (EEXIST); ", e.Message, StringComparison.Ordinal);
    }

    /// <summary>runc's meaning: a profile that names nothing but call 0 says nothing about the age of calls.</summary>
    [Fact]
    public void AProfileOfCallZeroAloneHasNoAge()
    {
        byte[] program = Compile(Profile("SCMP_ACT_ERRNO", Rule("SCMP_ACT_ALLOW", "read")));
        Assert.Equal((Allow, Eperm), (BpfInterpreter.Run(program, X8664, Read), BpfInterpreter.Run(program, X8664, 9999)));
    }

    /// <summary>Many calls become a binary tree, which must decide the same.</summary>
    [Fact]
    public void LongListsDecideLikeShortOnes()
    {
        string[] names =
        [
            "read", "write", "close", "stat", "fstat", "lstat", "poll", "lseek", "mmap", "mprotect", "munmap", "brk", "ioctl", "pread64",
            "pwrite64", "readv", "writev", "access", "pipe", "select", "sched_yield", "mremap", "msync", "mincore", "madvise", "dup",
            "dup2", "pause", "nanosleep", "getitimer", "alarm", "setitimer", "getpid", "sendfile", "socket", "connect", "accept", "sendto",
        ];
        Assert.True(names.Length > 32);
        byte[] tree = Compile(Profile("SCMP_ACT_ERRNO", Rule("SCMP_ACT_ALLOW", names)));
        byte[][] single = [.. names.Select(n => Compile(Profile("SCMP_ACT_ERRNO", Rule("SCMP_ACT_ALLOW", n))))];
        for (uint number = 0; number <= 44; number++)
        {
            bool listed = single.Any(p => BpfInterpreter.Run(p, X8664, number) == Allow);
            Assert.Equal(listed ? Allow : Eperm, BpfInterpreter.Run(tree, X8664, number));
        }
    }

    [Fact]
    public void FilterThatIsTooLongForTheKernelIsRefused()
    {
        SeccompSyscall[] rules =
            [.. Enumerable.Range(0, 1100).Select(i => WithArgs(Rule("SCMP_ACT_ALLOW", "write"), (0, (ulong)(i * 3) << 33)))];
        ContainerException e = Assert.Throws<ContainerException>(() => Compile(Profile("SCMP_ACT_ERRNO", rules)));
        Assert.Matches(
            "^invalid config: linux.seccomp: the filter has [0-9]+ instructions, the kernel takes at most 4096; "
            + "use fewer architectures, conditions or system calls$",
            e.Message);
    }

    [Theory]
    [InlineData(null, 4)]
    [InlineData("", 0)]
    [InlineData("SECCOMP_FILTER_FLAG_LOG", 2)]
    [InlineData("SECCOMP_FILTER_FLAG_TSYNC", 0)]
    [InlineData("SECCOMP_FILTER_FLAG_SPEC_ALLOW SECCOMP_FILTER_FLAG_LOG", 6)]
    public void FlagsAreThoseOfSeccomp(string? names, uint expected)
    {
        Seccomp profile = Profile("SCMP_ACT_ALLOW", Rule("SCMP_ACT_ERRNO", "write"));
        profile.Flags = names?.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(expected, SeccompCompiler.Compile(profile).Flags);
    }

    [Theory]
    [InlineData(null, 8 + 4)]
    [InlineData("", 8)]
    [InlineData("SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV SECCOMP_FILTER_FLAG_LOG", 8 + 32 + 2)]
    public void NotifyMakesAListener(string? names, uint expected)
    {
        const uint UserNotif = 0x7fc00000;
        Seccomp profile = Profile("SCMP_ACT_ERRNO", Rule("SCMP_ACT_ALLOW", "read"), Rule("SCMP_ACT_NOTIFY", "open", "mseal"));
        profile.Flags = names?.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        SeccompProgram program = SeccompCompiler.Compile(profile);
        Assert.Equal((expected, true), (program.Flags, program.HasListener));
        Assert.Equal(UserNotif, BpfInterpreter.Run(program.Program, X8664, Open));
        Assert.Equal(UserNotif, BpfInterpreter.Run(program.Program, X8664, 462));
        Assert.Equal(Allow, BpfInterpreter.Run(program.Program, X8664, Read));
    }

    [Fact]
    public void CallsOfOneArchitectureHaveNoNumberOnOthers()
    {
        const uint Uretprobe = 335;
        Seccomp profile = Profile("SCMP_ACT_ERRNO", Rule("SCMP_ACT_ALLOW", "read", "uretprobe", "riscv_hwprobe"));
        profile.Architectures = ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"];
        byte[] program = Compile(profile);
        Assert.Equal(Allow, BpfInterpreter.Run(program, X8664, Uretprobe));
        Assert.Equal(Eperm, BpfInterpreter.Run(program, X8664, 258)); // mkdirat here, riscv_hwprobe on riscv64
        Assert.NotEqual(Allow, BpfInterpreter.Run(program, I386, Uretprobe));
    }

    [Fact]
    public void ACallOfOurOwnTableIsTheNewestOfAProfileToo()
    {
        byte[] program = Compile(Profile("SCMP_ACT_ERRNO", Rule("SCMP_ACT_ALLOW", "read", "listns")));
        Assert.Equal(Allow, BpfInterpreter.Run(program, X8664, 470));
        Assert.Equal(Eperm, BpfInterpreter.Run(program, X8664, 469));
        Assert.Equal(Enosys, BpfInterpreter.Run(program, X8664, 471));
    }

    [Fact]
    public void UnknownNamesAreErrorsWhereThatIsAskedFor()
    {
        Seccomp profile = Profile("SCMP_ACT_ERRNO", Rule("SCMP_ACT_ALLOW", "read"), Rule("SCMP_ACT_ALLOW", "no_such_call"));
        Assert.Equal(
            "invalid config: linux.seccomp.syscalls[1].names: unknown seccomp syscall \"no_such_call\", and the annotation "
            + "run.oci.seccomp_fail_unknown_syscall makes that an error",
            Assert.Throws<ContainerException>(() => SeccompCompiler.Compile(profile, failUnknown: true)).Message);
    }

    public static TheoryData<string, Action<Seccomp>> Wrong => new()
    {
        { "defaultAction: not a valid action for seccomp, got \"SCMP_ACT_X\"", s => s.DefaultAction = "SCMP_ACT_X" },
        { "syscalls[0].args[0].op: not a valid operator for seccomp, got \"X\"", s => s.Syscalls[0].Args[0].Op = "X" },
        { "syscalls[0].args[0].index: must be from 0 to 5, got 6", s => s.Syscalls[0].Args[0].Index = 6 },
        {
            "architectures[1]: its byte order is not this machine's, got \"SCMP_ARCH_S390X\"",
            s => s.Architectures = ["SCMP_ARCH_X86", "SCMP_ARCH_S390X"]
        },
        {
            $"architectures[0]: not an architecture that libseccomp {Linux.LibSeccomp.VersionText()} knows, got \"SCMP_ARCH_Z80\"",
            s => s.Architectures = ["SCMP_ARCH_Z80"]
        },
        { "flags[0]: not a valid flag for seccomp, got \"X\"", s => s.Flags = ["X"] },
        {
            "flags[0]: SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV needs a rule with SCMP_ACT_NOTIFY",
            s => s.Flags = ["SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"]
        },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void WrongNamesAreNamed(string message, Action<Seccomp> change)
    {
        Seccomp profile = Profile("SCMP_ACT_ERRNO", WithArgs(Rule("SCMP_ACT_ALLOW", "write"), (0, 1)));
        change(profile);
        ContainerException e = Assert.Throws<ContainerException>(() => SeccompCompiler.Compile(profile));
        Assert.Equal("invalid config: linux.seccomp." + message, e.Message);
    }

    private static byte[] Compile(Seccomp profile) => SeccompCompiler.Compile(profile).Program;

    private static Seccomp Profile(string defaultAction, params SeccompSyscall[] rules) =>
        new() { DefaultAction = defaultAction, Syscalls = rules };

    private static SeccompSyscall Rule(string action, params string[] names) => new() { Action = action, Names = names };

    private static SeccompSyscall WithArgs(SeccompSyscall rule, params (uint Index, ulong Value)[] equal)
    {
        rule.Args = [.. equal.Select(a => new SeccompArg { Index = a.Index, Op = "SCMP_CMP_EQ", Value = a.Value })];
        return rule;
    }
}
