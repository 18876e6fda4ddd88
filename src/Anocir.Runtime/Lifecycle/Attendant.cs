using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Launch;
using Anocir.Runtime.Planning;

namespace Anocir.Runtime.Lifecycle;

/// <summary>
/// How this process, a .NET program, becomes the few pages that stay beside a foreground process: it executes anocir-init in its own
/// place. PID, children and standard streams stay.
/// </summary>
internal static class Attendant
{
    /// <summary>
    /// Executes an attending plan. All signals are blocked by then (<see cref="SignalBlock.All"/>), so none is lost on the way. Returns
    /// only when that failed, with the terminal and the signals as they were.
    /// </summary>
    /// <param name="program">anocir-init.</param>
    /// <param name="plan">The plan, for the descriptors that it names.</param>
    /// <param name="memory">The plan as init maps it.</param>
    /// <param name="terminal">What to give back to the caller's terminal when the exec fails, or null.</param>
    /// <param name="mask">The signal mask to have again when the exec fails.</param>
    public static ContainerException Become(InitProgram program, PlanWriter plan, Fd memory, Termios? terminal, ulong mask)
    {
        foreach (int fd in plan.SlotFds)
        {
            KeepOverExec(fd);
        }

        KeepOverExec(memory.Number);
        SysResult failed = Sys.ExecFd(program.Descriptor, InitLauncher.Arguments, [InitLauncher.PlanVariable(memory.Number)]);
        ForegroundTerminal.Restore(terminal);
        Sys.SetSignalMask(mask);
        return ContainerException.System("execute", InitProgram.Name, failed.Errno);
    }

    private static void KeepOverExec(int fd)
    {
        const int SetFlags = 2; // F_SETFD
        if (fd >= 0)
        {
            _ = Sys.Fcntl(fd, SetFlags, 0);
        }
    }
}
