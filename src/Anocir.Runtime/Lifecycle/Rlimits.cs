using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Planning;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Lifecycle;

/// <summary>
/// process.rlimits of a container in a user namespace, set by prlimit(2) from here at the last moment: its init may lower
/// limits, but not raise one.
/// </summary>
internal static class Rlimits
{
    /// <summary>Applies them all to init.</summary>
    public static void Apply(int pid, Process? process)
    {
        Rlimit[] limits = process?.Rlimits ?? [];
        for (int i = 0; i < limits.Length; i++)
        {
            Rlimit limit = limits[i];
            SysResult set = Sys.SetLimit(pid, RlimitNames.Number(limit.Type), limit.Soft, limit.Hard);
            if (set.IsError)
            {
                throw new ContainerException($"cannot set {limit.Type} ({NamespacePlanner.Index("process.rlimits", i)}): {ErrnoText.Describe(set.Errno)}"
                    + (set.Is(Errno.EPERM) ? "; hint: raising a hard limit needs CAP_SYS_RESOURCE, and NOFILE may not exceed sysctl fs.nr_open" : ""));
            }
        }
    }
}
