using Anocir.Plan;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Planning;

/// <summary>
/// Labels of security modules that the kernel gives the program at its exec, through files of <see cref="TrustedProc"/>: a task may write
/// only its own, and before it changes its identity.
/// </summary>
internal static class LabelPlanner
{
    /// <summary>Whether <see cref="AddExec"/> has anything to write.</summary>
    public static bool IsNeeded(Process? process) => process is { ApparmorProfile: not null } or { SelinuxLabel: not null };

    /// <summary>process.apparmorProfile and process.selinuxLabel.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="proc">Slot of the procfs.</param>
    /// <param name="process">The process.</param>
    /// <param name="stack">Whether the profile is added to the one this process runs under, instead of taking its place.</param>
    public static void AddExec(PlanWriter plan, short proc, Process process, bool stack)
    {
        if (process.ApparmorProfile is { } profile)
        {
            plan.Origin = "process.apparmorProfile";
            plan.Subject = profile;
            _ = TrustedProc.Write(plan, proc, "thread-self/attr/apparmor/exec", (stack ? "stack " : "exec ") + profile);
        }

        if (process.SelinuxLabel is { } label)
        {
            plan.Origin = "process.selinuxLabel";
            plan.Subject = label;
            _ = TrustedProc.Write(plan, proc, "thread-self/attr/exec", label);
        }

        plan.Subject = "";
    }

    /// <summary>The label of the keyring that <see cref="AddKeyringEnd"/>'s caller is about to make; the slot to give to that, or NoSlot.</summary>
    public static short AddKeyring(PlanWriter plan, Process? process)
    {
        if (process?.SelinuxLabel is not { } label)
        {
            return Step.NoSlot;
        }

        plan.Origin = "process.selinuxLabel";
        plan.Subject = label;
        short proc = TrustedProc.Open(plan);
        _ = TrustedProc.Write(plan, proc, "thread-self/attr/keycreate", label);
        plan.Subject = "";
        return proc;
    }

    /// <summary>Keys that the program makes itself get the label that the policy says.</summary>
    public static void AddKeyringEnd(PlanWriter plan, short proc)
    {
        if (proc != Step.NoSlot)
        {
            plan.Origin = "process.selinuxLabel";
            _ = TrustedProc.Write(plan, proc, "thread-self/attr/keycreate", "\n");
            plan.Add(StepKind.Close).SlotA = proc;
        }
    }
}
