using Anocir.Plan;
using Anocir.Runtime.HookPrograms;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Planning;

/// <summary>
/// Hooks (runtime-spec config.md "POSIX-platform Hooks"). prestart and createRuntime run in the runtime's namespaces: init waits
/// while the controller runs them. createContainer and startContainer run in the container: init runs them.
/// </summary>
internal static class HookPlanner
{
    /// <summary>The hooks between the mounts and pivot_root.</summary>
    public static void AddBeforePivot(PlanWriter plan, PlanInputs inputs)
    {
        Hooks? hooks = inputs.Config.Hooks;
        if (hooks is null || hooks.Prestart.Length + hooks.CreateRuntime.Length + hooks.CreateContainer.Length == 0)
        {
            return;
        }

        plan.Origin = "hooks";
        ref Step sync = ref plan.Add(StepKind.Sync);
        sync.X = (ulong)SyncKind.HooksReached;
        sync.Y = (ulong)SyncKind.HooksDone;
        AddRuns(plan, hooks.CreateContainer, "hooks.createContainer", [], inputs.HookState, Slots.Root);
    }

    /// <summary>The hooks between start and exec; without an env of their own they get the container's, as with runc.</summary>
    public static void AddBeforeExec(PlanWriter plan, PlanInputs inputs, string[] environment)
    {
        if (inputs.Config.Hooks is { } hooks)
        {
            AddRuns(plan, hooks.StartContainer, "hooks.startContainer", environment, inputs.StartHookState, Step.NoSlot);
        }
    }

    // createContainer hooks start in the root file system, startContainer hooks in the process's directory (both as with runc).
    private static void AddRuns(
        PlanWriter plan, Hook[] hooks, string property, string[] environment, (byte[] Json, int PidOffset) state, short directory)
    {
        for (int i = 0; i < hooks.Length; i++)
        {
            Hook hook = hooks[i];
            plan.Origin = NamespacePlanner.Index(property, i);
            string[] argv = hook.Args.Length == 0 ? [hook.Path, hook.Path] : [hook.Path, .. hook.Args];
            uint argvOperand = plan.Vector(argv);
            uint environmentOperand = plan.Vector(hook.Env.Length == 0 ? environment : hook.Env);
            uint stateOperand = plan.Blob(state.Json);
            ref Step run = ref plan.Add(StepKind.RunHook);
            run.SlotB = directory;
            run.S0 = argvOperand;
            run.S1 = environmentOperand;
            run.S2 = stateOperand;
            run.L = (uint)state.Json.Length;
            run.X = (ulong)HookTime.Seconds(hook) * 1000;
            run.Y = (ulong)state.PidOffset;
        }
    }
}
