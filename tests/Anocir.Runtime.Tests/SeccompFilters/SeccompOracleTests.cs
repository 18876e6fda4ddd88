using System;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.SeccompFilters;
using Anocir.Runtime.Spec;
using CsCheck;
using Xunit;

namespace Anocir.Runtime.Tests.SeccompFilters;

/// <summary>
/// The program joined from one libseccomp filter for each architecture decides as one libseccomp filter for all of them does. The default
/// action lets calls through, so that nothing is put before the library's programs.
/// </summary>
public sealed unsafe class SeccompOracleTests
{
    private const uint X8664 = 0xC000003E;
    private const uint I386 = 0x40000003;
    private const uint X32 = 0x4000003E;
    private const uint X32Bit = 0x40000000;
    private const uint Arm64 = 0xC00000B7;
    private const uint Allow = 0x7fff0000;

    private static readonly string[] s_names =
    [
        "read", "write", "open", "socketcall", "socket", "clone", "personality", "ioctl", "openat2", "ptrace", "_llseek", "mmap2", "execve",
        "rt_sigaction", "clock_gettime64", "arch_prctl", "futex_waitv",
    ];

    private static readonly string[] s_operators =
    [
        "SCMP_CMP_NE", "SCMP_CMP_LT", "SCMP_CMP_LE", "SCMP_CMP_EQ", "SCMP_CMP_GE", "SCMP_CMP_GT", "SCMP_CMP_MASKED_EQ",
    ];

    private static readonly Gen<SeccompArg> s_argument = Gen.Select(
        Gen.UInt[0, 2], Gen.Int[0, 6], Gen.ULong[0, 4], Gen.ULong[0, 4],
        (index, op, value, second) => new SeccompArg { Index = index, Op = s_operators[op], Value = value, ValueTwo = second });

    private static readonly Gen<SeccompSyscall> s_rule = Gen.Select(
        Gen.Int[0, s_names.Length - 1], Gen.UInt[2, 9], s_argument.Array[0, 3],
        (name, errno, arguments) => new SeccompSyscall
        {
            Names = [s_names[name]],
            Action = "SCMP_ACT_ERRNO",
            ErrnoRet = errno,
            Args = [.. arguments.DistinctBy(a => a.Index)],
        });

    [Fact]
    public void JoinedProgramsDecideLikeOneOfTheLibrary()
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "needs x86-64");
        uint[] numbers = [.. Enumerable.Range(0, 460).Select(n => (uint)n), 0xffffffff];
        Gen.Select(s_rule.Array[1, 6], Gen.Bool, Gen.Bool, Gen.ULong[0, 5].Array[3]).Sample((rules, i386, x32, arguments) =>
        {
            // One rule for each call: the library's answer to rules that contradict each other depends on their order. Some still do, as
            // 'socket' is a condition of 'socketcall' on i386: the library refuses these, and so does the compiler.
            // libseccomp 2.5.4 makes a wrong program of calls that only i386 has when x32 is there.
            rules = [.. rules.DistinctBy(r => r.Names[0]).Where(r => !x32 || Number(r.Names[0]) >= 0)];
            var profile = new Seccomp
            {
                DefaultAction = "SCMP_ACT_ALLOW",
                Syscalls = rules,
                Architectures = [.. i386 ? ["SCMP_ARCH_X86"] : Array.Empty<string>(), .. x32 ? ["SCMP_ARCH_X32"] : Array.Empty<string>()],
            };
            byte[]? joined = Compiled(profile);
            byte[]? oracle = Oracle(rules, i386, x32);
            Assert.True(oracle is null == joined is null, $"refused by the library: {oracle is null}; {string.Join("; ", rules.Select(Text))}");
            if (joined is null || oracle is null)
            {
                return;
            }

            foreach (uint number in numbers)
            {
                foreach ((uint architecture, uint bit) in new[] { (X8664, 0u), (I386, 0u), (X8664, X32Bit), (Arm64, 0u) })
                {
                    uint expected = BpfInterpreter.Run(oracle, architecture, number | bit, arguments);
                    uint actual = BpfInterpreter.Run(joined, architecture, number | bit, arguments);
                    Assert.True(
                        expected == actual,
                        $"call {number | bit} of {architecture:x} ({string.Join(", ", arguments)}): {actual:x}, library {expected:x}; "
                        + string.Join("; ", rules.Select(Text)));
                }
            }
        }, iter: 200);
    }

    /// <summary>
    /// A call that only our own table has compares arguments as one does that the library knows. Each argument once: of rules about the same one
    /// libseccomp 2.5.4 makes a wrong program (a &gt;= 0x100000001 or a &lt;= 2 lets 0xffffffff through).
    /// </summary>
    [Fact]
    public void ConditionsOnNewCallsCompareLikeTheLibrarys()
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "needs x86-64");
        const uint Openat2 = 437, Mseal = 462;
        ulong[] edges = [0, 1, 2, 0x7fffffff, 0xffffffff, 0x1_00000000, 0x1_00000001, 0x2_00000001, 0xffffffff_00000000, ulong.MaxValue - 1, ulong.MaxValue];
        Gen<ulong> value = Gen.Int[0, edges.Length - 1].Select(i => edges[i]);
        Gen<SeccompArg> argument = Gen.Select(
            Gen.UInt[0, 5], Gen.Int[0, 6], value, value,
            (index, op, first, second) => new SeccompArg { Index = index, Op = s_operators[op], Value = first, ValueTwo = second });
        Gen.Select(argument.Array[1, 4], value.Array[6].Array[20]).Sample((some, calls) =>
        {
            SeccompArg[] conditions = [.. some.DistinctBy(a => a.Index)];
            byte[] program = SeccompCompiler.Compile(new Seccomp
            {
                DefaultAction = "SCMP_ACT_LOG",
                Architectures = ["SCMP_ARCH_X86", "SCMP_ARCH_X32"],
                Syscalls = [new SeccompSyscall { Names = ["openat2", "mseal"], Action = "SCMP_ACT_ALLOW", Args = conditions }],
            }).Program;
            foreach (ulong[] arguments in calls)
            {
                foreach ((uint architecture, uint bit) in new[] { (X8664, 0u), (I386, 0u), (X8664, X32Bit) })
                {
                    uint expected = BpfInterpreter.Run(program, architecture, bit | Openat2, arguments);
                    uint actual = BpfInterpreter.Run(program, architecture, bit | Mseal, arguments);
                    Assert.True(
                        expected == actual,
                        $"{architecture:x} ({string.Join(", ", arguments)}): {actual:x}, library {expected:x}; {string.Join(", ", conditions.Select(Text))}");
                }
            }
        }, iter: 2000);
    }

    /// <summary>The reason for one filter for each architecture: here the library's own program lets a denied call through.</summary>
    [Fact]
    public void CallsOfOneArchitectureDoNotSpoilAnother()
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "needs x86-64");
        var profile = new Seccomp
        {
            DefaultAction = "SCMP_ACT_ALLOW",
            Architectures = ["SCMP_ARCH_X86", "SCMP_ARCH_X32"],
            Syscalls =
            [
                new SeccompSyscall
                {
                    Action = "SCMP_ACT_ERRNO",
                    Names = ["write"],
                    Args = [new SeccompArg { Index = 1, Op = "SCMP_CMP_EQ", Value = 4 }],
                },
                new SeccompSyscall { Action = "SCMP_ACT_ERRNO", Names = ["clock_gettime64"] },
            ],
        };
        byte[] program = SeccompCompiler.Compile(profile).Program;
        Assert.Equal(0x00050001u, BpfInterpreter.Run(program, X8664, 1, 0, 4));
        Assert.Equal(Allow, BpfInterpreter.Run(program, X8664, 1, 0, 5));
        Assert.Equal(0x00050001u, BpfInterpreter.Run(program, I386, 403));
        Assert.Equal(0x00050001u, BpfInterpreter.Run(program, X8664, X32Bit | 1, 0, 4));
    }

    /// <summary>The program; null when a rule contradicts one before it.</summary>
    private static byte[]? Compiled(Seccomp profile)
    {
        try
        {
            return SeccompCompiler.Compile(profile).Program;
        }
        catch (ContainerException e) when (e.Message.Contains("(EEXIST)", StringComparison.Ordinal))
        {
            return null;
        }
    }

    /// <summary>The library's program; null when it refuses a rule as one that contradicts another.</summary>
    private static byte[]? Oracle(SeccompSyscall[] rules, bool i386, bool x32)
    {
        using SeccompFilter filter = SeccompFilter.Create(Allow)!;
        Assert.True(!i386 || !filter.AddArchitecture(I386).IsError);
        Assert.True(!x32 || !filter.AddArchitecture(X32).IsError);
        foreach (SeccompSyscall rule in rules)
        {
            ScmpArgCmp[] conditions = [.. rule.Args.Select(a => new ScmpArgCmp
            {
                Arg = a.Index,
                Op = Array.IndexOf(s_operators, a.Op) + 1,
                DatumA = a.Value,
                DatumB = a.ValueTwo,
            })];
            SysResult added = filter.AddRule(0x00050000 | rule.ErrnoRet!.Value, Number(rule.Names[0]), conditions);
            if (added.Is(Errno.EEXIST))
            {
                return null;
            }

            Assert.False(added.IsError);
        }

        using var file = new Fd(Sys.MemfdCreate("oracle", Memfd.CLOEXEC).Int);
        Assert.False(filter.Export(file.Number).IsError);
        _ = Sys.Seek(file.Number, 0);
        byte[] program = new byte[64 * 1024];
        return program[..Sys.Read(file.Number, program).Int];
    }

    private static string Text(SeccompSyscall rule) =>
        $"{rule.Names[0]} {rule.ErrnoRet} {string.Join(" and ", rule.Args.Select(Text))}";

    private static string Text(SeccompArg argument) => $"a{argument.Index} {argument.Op} {argument.Value:x} {argument.ValueTwo:x}";

    private static int Number(string name)
    {
        fixed (byte* text = Encoding.ASCII.GetBytes(name + "\0"))
        {
            return SeccompFilter.Resolve(text);
        }
    }
}
