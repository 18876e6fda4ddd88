using System.Collections.Generic;
using Anocir.Runtime.HookPrograms;
using Anocir.Runtime.Spec;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>poststop hooks: after everything was released; failures are logged, the others still run (runtime.md "Lifecycle" 13).</summary>
internal static class PoststopHooks
{
    /// <summary>Runs them all.</summary>
    public static void Run(RuntimeOptions options, Hooks? hooks, ContainerRecord record)
    {
        if (hooks is not { Poststop.Length: > 0 })
        {
            return;
        }

        var warnings = new List<string>();
        HookRunner.RunAll("poststop", hooks.Poststop, StateDocument.ForHook(record, ContainerStatus.Stopped).Span, record.Bundle, warnings, new HookOutput(record.Annotations));
        foreach (string warning in warnings)
        {
            options.Log.Warn(warning);
        }
    }
}
