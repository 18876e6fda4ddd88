using Anocir.Plan;

namespace Anocir.Init;

/// <summary>Steps that change the process itself, except its identity.</summary>
internal static unsafe class ProcessSteps
{
    public const int SetMask = 2; // SIG_SETMASK

    /// <summary>Replaces the signal mask; bit 0 is signal 1.</summary>
    public static int SetSignalMask(ulong mask) =>
        (int)Native.Syscall(Nr.rt_sigprocmask, SetMask, (nint)(&mask), 0, Sigset.Size);

    /// <summary>Sets one signal to SIG_DFL (0) or SIG_IGN (1).</summary>
    public static void SetDisposition(int signal, ulong handler)
    {
        KernelSigaction action = default;
        action.handler = handler;
        Native.Syscall(Nr.rt_sigaction, signal, (nint)(&action), 0, Sigset.Size);
    }

    /// <summary>The handler never returns, so what x86 wants to have for the return is only an address.</summary>
    public static int ExitOnSignals(Step* step)
    {
        const ulong Restorer = 0x04000000; // SA_RESTORER
        KernelSigaction action = default;
        action.handler = (ulong)(delegate*<int, void>)&ExitBySignal;
        action.flags = Restorer;
        action.restorer = action.handler;
        int result = 0;
        for (int signal = 1; signal <= Sig.Last && result == 0; signal++)
        {
            if (((step->X >> (signal - 1)) & 1) != 0)
            {
                result = (int)Native.Syscall(Nr.rt_sigaction, signal, (nint)(&action), 0, Sigset.Size);
            }
        }

        return result;
    }

    private static void ExitBySignal(int signal) => Native.Exit(128 + signal);

    public static int SetName(InitState* state, Step* step) => Sys.Prctl(15, (ulong)state->Data(step->S0)); // PR_SET_NAME

    public static int SetDumpable(Step* step) => Sys.Prctl(4, step->X); // PR_SET_DUMPABLE

    public static int SetParentDeathSignal(InitState* state, Step* step)
    {
        int result = Sys.Prctl(1, step->X); // PR_SET_PDEATHSIG

        // A parent that died before the prctl sends nothing. getppid cannot tell (0 across PID namespaces, a subreaper's PID otherwise),
        // the socket can.
        return result == 0 && step->X != 0 && FlowSteps.ControllerIsDead(state) ? Dispatcher.Die : result;
    }

    public static int SetSid()
    {
        int result = (int)Native.Syscall(Nr.setsid);
        return result < 0 ? result : 0;
    }

    public static int SetUmask(Step* step)
    {
        Sys.Umask((uint)step->X);
        return 0;
    }

    public static int SetPersonality(Step* step)
    {
        int result = Sys.Call(Nr.personality, (nint)step->X);
        return result < 0 ? result : 0;
    }

    public static int SetAffinity(InitState* state, Step* step) =>
        (int)Native.Syscall(Nr.sched_setaffinity, 0, (nint)step->L, (nint)state->Data(step->S0));

    /// <summary>The settings of the process that the kernel takes as a number, a pointer and a number.</summary>
    public static int Set(InitState* state, Step* step, int number) => Sys.Call(number, (nint)step->X, state->Data(step->S0), (void*)step->Y);

    public static int SetRlimit(Step* step)
    {
        Rlimit64 limit;
        limit.rlim_cur = step->Y;
        limit.rlim_max = step->Z;
        return (int)Native.Syscall(Nr.prlimit64, 0, (nint)step->X, (nint)(&limit), 0);
    }

    public static int SetNoNewPrivileges() => Sys.Prctl(38, 1); // PR_SET_NO_NEW_PRIVS

    public static int LoadSeccomp(InitState* state, Step* step)
    {
        const int SetModeFilter = 1;
        const uint SizeOfSockFilter = 8;
        SockFprog program;
        program.len = (ushort)(step->L / SizeOfSockFilter);
        program.filter = state->Data(step->S0);
        int result = (int)Native.Syscall(Nr.seccomp, SetModeFilter, (nint)step->X, (nint)(&program));
        return result > 0 ? state->Fill(step->SlotA, result) : result;
    }

    public static int JoinSessionKeyring(InitState* state, Step* step)
    {
        const int JoinSession = 1;
        const int SetPermissions = 5;
        nint keyring = Native.Syscall(Nr.keyctl, JoinSession, (nint)state->Data(step->S0));
        return keyring < 0 ? (int)keyring : (int)Native.Syscall(Nr.keyctl, SetPermissions, keyring, (nint)step->X);
    }
}
