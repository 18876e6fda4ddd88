using System.Globalization;
using System.Text;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Cgroups;

/// <summary>The pids controller (config-linux.md "PIDs"): pids.max, the same file on v1 and v2.</summary>
internal static class PidsLimit
{
    /// <summary>
    /// Writes the limit to the cgroup that <see cref="CgroupfsDriver.Create"/> made; null leaves what is there. Negative is no limit; 0 is
    /// written as 1, as runc does, because systemd cannot set 0 and both forbid every fork.
    /// </summary>
    /// <exception cref="ContainerException">The host has no such controller, or the kernel refuses the value.</exception>
    public static void Apply(CgroupPlan plan, PidsResources? pids)
    {
        if (pids?.Limit is not { } limit)
        {
            return;
        }

        CgroupTarget? target = plan.Mode == CgroupMode.Unified ? plan.Unified : plan.Find("pids");
        if (target is null)
        {
            throw Missing();
        }

        string value = limit < 0 ? "max" : limit == 0 ? "1" : limit.ToString(CultureInfo.InvariantCulture);
        string file = target.Directory + "/pids.max";
        SysResult written = CgroupFile.Write(file, Encoding.ASCII.GetBytes(value));
        if (written.IsError)
        {
            throw written.Is(Errno.ENOENT) ? Missing() : CgroupErrors.Write(file, value, written.Errno);
        }
    }

    private static ContainerException Missing() => new(
        "cannot set linux.resources.pids.limit: the pids controller is not available in the container's cgroup"
        + "; hint: check cgroup.controllers and cgroup.subtree_control of its parents, or mount the v1 hierarchy");
}
