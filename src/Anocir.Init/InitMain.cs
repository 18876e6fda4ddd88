using System;
using System.Runtime.CompilerServices;
using Anocir.Plan;

// Stack buffers are written before they are read; clearing them would cost the pages they lie on.
[module: SkipLocalsInit]

namespace Anocir.Init;

/// <summary>The program: argv "anocir init", environment PLAN=fd.</summary>
internal static unsafe class InitMain
{
    /// <summary>Exit code when there is no plan, or one so damaged that nobody can be told.</summary>
    public const int NoPlan = 125;

    /// <summary>Exit code after a failure that has been reported, and after the controller's death.</summary>
    public const int Failed = 1;

    /// <summary>Runs it; the result is the exit code.</summary>
    public static int Run(int argc, byte** argv, byte** envp)
    {
        int fd = PlanFd(envp);
        if (fd < 0)
        {
            return NoPlan;
        }

        Statx stat;
        if (Sys.Stat(fd, &stat) < 0 || stat.stx_size == 0 || stat.stx_size > PlanHeader.MaxLength)
        {
            return NoPlan;
        }

        const int ReadWrite = 3;
        const int Private = 2;
        nint plan = Native.Syscall(Nr.mmap, 0, (nint)stat.stx_size, ReadWrite, Private, fd, 0);
        Sys.Close(fd);
        if (plan is < 0 and > -4096)
        {
            return NoPlan;
        }

        InitState state = default;
        state.ExitCode = -1;
        int error = PlanReader.Check((byte*)plan, stat.stx_size, &state, out long where);
        if (error != 0)
        {
            return Report.InvalidPlan(&state, error, where);
        }

        // Slots change, and ReleasePlan gives back the page they came on.
        int* slots = stackalloc int[(int)PlanHeader.MaxSlots];
        Ascii.Copy((byte*)slots, (byte*)state.Slots, (int)state.SlotCount * sizeof(int));
        state.Slots = slots;
        return Dispatcher.Run(&state);
    }

    // The number behind PLAN=, or -1.
    private static int PlanFd(byte** envp)
    {
        ReadOnlySpan<byte> name = "PLAN="u8;
        for (; *envp != null; envp++)
        {
            byte* p = *envp;
            int i = 0;
            while (i < name.Length && p[i] == name[i])
            {
                i++;
            }

            if (i == name.Length)
            {
                return Ascii.ParseInt(p + i);
            }
        }

        return -1;
    }
}
