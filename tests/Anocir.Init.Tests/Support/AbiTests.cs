using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Anocir.Plan;
using Xunit;

namespace Anocir.Init.Tests;

/// <summary>The C compiler compares every struct, number and constant of init with the headers.</summary>
[Trait("Kernel", "none")]
public class AbiTests
{
    private const string Headers = """
        #define _GNU_SOURCE 1
        #include <errno.h>
        #include <fcntl.h>
        #include <poll.h>
        #include <signal.h>
        #include <stddef.h>
        #include <asm/ioctls.h>
        #include <asm/termbits.h>
        #include <linux/capability.h>
        #include <linux/filter.h>
        #include <linux/if.h>
        #include <linux/mount.h>
        #include <linux/openat2.h>
        #include <linux/sched.h>
        #include <linux/stat.h>
        #include <linux/time_types.h>
        #include <sys/resource.h>
        #include <sys/socket.h>
        #include <sys/syscall.h>
        #include <sys/uio.h>
        struct kernel_sigaction { unsigned long handler, flags, restorer, mask; };
        struct fd_control { struct cmsghdr header; int fd; int padding; };
        struct winsize_ { unsigned short ws_row, ws_col, ws_xpixel, ws_ypixel; };

        """;

    // Our struct, the C struct, and the fields that are named otherwise (or, with nothing behind "=", are not in C).
    private static readonly (Type Type, string C, string Names)[] Structs =
    [
        (typeof(OpenHow), "struct open_how", ""),
        (typeof(CloneArgs), "struct clone_args", ""),
        (typeof(MountAttr), "struct mount_attr", ""),
        (typeof(StatxTimestamp), "struct statx_timestamp", "reserved=__reserved"),
        (typeof(Statx), "struct statx", "padding=__spare0"),
        (typeof(PollFd), "struct pollfd", ""),
        (typeof(TimeSpec), "struct __kernel_timespec", ""),
        (typeof(IoVec), "struct iovec", ""),
        (typeof(MsgHdr), "struct msghdr", ""),
        (typeof(FdControl), "struct fd_control", "cmsg_len=header.cmsg_len cmsg_level=header.cmsg_level cmsg_type=header.cmsg_type"),
        (typeof(SockFprog), "struct sock_fprog", ""),
        (typeof(CapHeader), "struct __user_cap_header_struct", ""),
        (typeof(Rlimit64), "struct rlimit64", ""),
        (typeof(IfReq), "struct ifreq", "name0=ifr_name name1= "),
        (typeof(WinSize), "struct winsize_", ""),
        (typeof(KernelSigaction), "struct kernel_sigaction", ""),
        (typeof(SigInfo), "siginfo_t", "padding="),
    ];

    private static readonly (Type Type, string Prefix, string Names)[] Constants =
    [
        (typeof(Nr), "SYS_", ""),
        (typeof(Errno), "", ""),
        (typeof(O), "O_", ""),
        (typeof(At), "AT_", ""),
        (typeof(Resolve), "RESOLVE_", ""),
        (typeof(S), "S_", ""),
        (typeof(Sig), "SIG", "Last=_NSIG-1"),
        (typeof(Poll), "POLL", ""),
        (typeof(Clone), "CLONE_", "Namespaces=(CLONE_NEWNS|CLONE_NEWCGROUP|CLONE_NEWUTS|CLONE_NEWIPC|CLONE_NEWUSER|CLONE_NEWPID|CLONE_NEWNET|CLONE_NEWTIME)"),
        (typeof(Tty), "", "DevPtsMagic= TtyAuxMajor= PtmxMinor= FirstSlaveMajor= LastSlaveMajor="),
        (typeof(Termios), "", "Size=sizeof(structtermios)"),
    ];

    [Fact]
    public void LayoutsNumbersAndConstantsAreTheKernels()
    {
        var source = new StringBuilder(Headers);
        foreach ((Type type, string c, string names) in Structs)
        {
            if (type != typeof(IfReq))
            {
                Expect(source, $"sizeof({c})", Marshal.SizeOf(type), type.Name);
            }

            foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public))
            {
                if (Name(names, field.Name, "") is { } name)
                {
                    Expect(source, $"offsetof({c}, {name})", (int)Marshal.OffsetOf(type, field.Name), $"{type.Name}.{field.Name}");
                }
            }
        }

        Expect(source, "2 * sizeof(struct __user_cap_data_struct)", Marshal.SizeOf<CapData>(), "CapData");
        foreach ((Type type, string prefix, string names) in Constants)
        {
            foreach (FieldInfo field in type.GetFields(BindingFlags.Static | BindingFlags.Public))
            {
                if (Name(names, field.Name, prefix) is { } name)
                {
                    object value = field.GetRawConstantValue()!;
                    Expect(source, $"(unsigned long)({name.Replace("structtermios", "struct termios", StringComparison.Ordinal)})", unchecked((long)Convert.ToDecimal(value, CultureInfo.InvariantCulture)), $"{type.Name}.{field.Name}");
                }
            }
        }

        Compile(source.ToString());
    }

    [Fact]
    public void EveryStructOfTheSeamIsCompared()
    {
        IEnumerable<string> structs = typeof(OpenHow).Assembly.GetTypes()
            .Where(t => t.IsValueType && !t.IsEnum && t.Namespace == "Anocir.Init" && t.DeclaringType == null)
            .Select(t => t.Name)
            .Except([nameof(InitState), nameof(PathWalk), nameof(HookInput), nameof(Terminal), nameof(CopyTree), nameof(CapData)]);
        Assert.Equal(Structs.Select(s => s.Type.Name).Order(), structs.Order());
    }

    /// <summary>Both programs and the plan agree on these, whatever compiles them.</summary>
    [Fact]
    public void SizesOfThePlanAreFixed()
    {
        Assert.Equal(40, Marshal.SizeOf<PlanHeader>());
        Assert.Equal(56, Marshal.SizeOf<Step>());
        Assert.Equal(24, Marshal.SizeOf<SyncMessage>());
        Assert.Equal(24, Marshal.SizeOf<StartFailure>());
    }

    private static string? Name(string names, string ours, string prefix)
    {
        string? pair = names.Split(' ').FirstOrDefault(n => n.StartsWith(ours + "=", StringComparison.Ordinal));
        return pair == null ? prefix + ours : pair[(ours.Length + 1)..] is { Length: > 0 } c ? c : null;
    }

    private static void Expect(StringBuilder source, string expression, long value, string what) =>
        source.Append(CultureInfo.InvariantCulture, $"_Static_assert({expression} == (unsigned long){value}L, \"{what}\");\n");

    private static void Compile(string source)
    {
        var start = new ProcessStartInfo("gcc", "-std=gnu11 -fsyntax-only -x c -") { RedirectStandardInput = true, RedirectStandardError = true };
        using Process gcc = Process.Start(start)!;
        gcc.StandardInput.Write(source);
        gcc.StandardInput.Close();
        string errors = gcc.StandardError.ReadToEnd();
        gcc.WaitForExit();
        Assert.True(gcc.ExitCode == 0, errors);
    }
}
