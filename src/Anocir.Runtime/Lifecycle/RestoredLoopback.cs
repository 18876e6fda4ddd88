using Anocir.Linux;
using Anocir.Plan;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Launch;
using Anocir.Runtime.Planning;

namespace Anocir.Runtime.Lifecycle;

/// <summary>
/// The loopback interface of a restored container's own network namespace. What is in such a namespace is not saved, so it is as new: down, where create
/// brings it up.
/// </summary>
internal static class RestoredLoopback
{
    /// <summary>Brings it up by a process that joins the namespace.</summary>
    /// <param name="program">anocir-init.</param>
    /// <param name="pidfd">pidfd of the restored init.</param>
    /// <exception cref="ContainerException">That failed.</exception>
    public static void BringUp(InitProgram program, Fd pidfd)
    {
        (Fd ours, Fd theirs) = LaunchFiles.Pair();
        using Fd end = theirs;
        var plan = new PlanWriter { Origin = "loopback" };
        plan.SetSlot(Slots.Sync, end.Number);
        plan.Add(StepKind.SetParentDeathSignal).X = 9;
        plan.Add(StepKind.SetDumpable).X = 0;
        ref Step join = ref plan.Add(StepKind.JoinNamespace);
        join.SlotA = plan.NewSlot(pidfd.Number);
        join.X = CloneNew.Network;
        plan.Add(StepKind.LoopbackUp);
        plan.Add(StepKind.Exit);
        using var session = new InitSession(ours, plan);
        int helper = InitLauncher.Spawn(program, plan);
        end.Dispose();
        try
        {
            _ = session.Receive(out _);
        }
        catch (InitDiedException)
        {
            // It has said nothing: all went well.
        }
        finally
        {
            _ = ChildEnd.Wait(helper);
        }
    }
}
