using System.Globalization;
using System.Text;
using Anocir.Linux;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Cgroups;

/// <summary>linux.resources.pids: <c>pids.max</c>, the same file in v1 and v2 (cgroup-v2.rst "PID").</summary>
public static class CgroupPids
{
    /// <summary>Writes the limit; a negative one is none, 0 is a real limit (runtime-spec 1.3).</summary>
    /// <exception cref="Errors.ContainerException">There is no pids controller, or the kernel refuses the value.</exception>
    public static void Apply(CgroupPlan plan, PidsResources? pids)
    {
        if (pids?.Limit is not { } limit)
        {
            return;
        }

        CgroupTarget? target = plan.Mode == CgroupMode.Unified ? plan.Unified : plan.Find("pids");
        string value = limit < 0 ? "max" : limit.ToString(CultureInfo.InvariantCulture);
        string file = (target?.Directory ?? "pids") + "/pids.max";
        SysResult written = target is null ? new SysResult(-(nint)(int)Errno.ENOENT) : CgroupFile.Write(file, Encoding.ASCII.GetBytes(value));
        if (written.IsError)
        {
            throw CgroupErrors.Write(file, value, written.Errno);
        }
    }
}
