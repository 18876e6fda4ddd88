using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Cgroups.Limits;

/// <summary>linux.resources.memory.checkBeforeUpdate.</summary>
internal static class MemoryChecks
{
    /// <summary>Refuses a limit that is not above what is in use, if the config asks for that; unknown usage is no obstacle.</summary>
    public static void BeforeUpdate(MemoryResources memory, CgroupFacts facts, string usageFile)
    {
        if (memory.CheckBeforeUpdate is not true || (memory.Limit is null or <= 0 && memory.Swap is null or <= 0)
            || facts.Number("memory", usageFile) is not { } usage)
        {
            return;
        }

        if (memory.Swap is { } swap and > 0 && (ulong)swap <= usage)
        {
            throw new ContainerException($"linux.resources.memory.swap: rejecting memory+swap limit {swap} <= usage {usage}");
        }

        if (memory.Limit is { } limit and > 0 && (ulong)limit <= usage)
        {
            throw new ContainerException($"linux.resources.memory.limit: rejecting memory limit {limit} <= usage {usage}");
        }
    }
}
