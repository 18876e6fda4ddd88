using Anocir.Plan;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Planning;

/// <summary>The terminal of a process, from the devpts of its container.</summary>
internal static class ConsoleSteps
{
    /// <summary>
    /// Opens a pair in <see cref="Slots.Root"/> and hands its master to the controller. The slave comes from TIOCGPTPEER on a verified ptmx,
    /// never from a path the image controls (CVE-2025-52565).
    /// </summary>
    public static void AddOpen(PlanWriter plan, Process process)
    {
        plan.Origin = "process.terminal";
        ref Step open = ref plan.Add(StepKind.OpenConsole);
        open.SlotB = Slots.Root;
        open.X = process.ConsoleSize?.Height ?? 0;
        open.Y = process.ConsoleSize?.Width ?? 0;
        ref Step send = ref plan.Add(StepKind.SendFd);
        send.SlotA = Slots.ConsoleMaster;
        send.SlotB = Slots.Sync;
        send.X = (ulong)SyncKind.Console;
        plan.Add(StepKind.Close).SlotA = Slots.ConsoleMaster;
    }

    /// <summary>Makes the slave the standard streams and the controlling terminal.</summary>
    public static void AddUse(PlanWriter plan)
    {
        plan.Add(StepKind.UseConsole).SlotA = Slots.ConsoleSlave;
        plan.Add(StepKind.Close).SlotA = Slots.ConsoleSlave;
    }
}
