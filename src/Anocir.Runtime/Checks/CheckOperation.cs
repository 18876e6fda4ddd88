using Anocir.Linux;
using Anocir.Runtime.Lifecycle;

namespace Anocir.Runtime.Checks;

/// <summary>The check command: can this kernel, host and user run containers, and the one of a bundle? Nothing is changed.</summary>
public static class CheckOperation
{
    /// <summary>Runs all checks; with <paramref name="create"/> also those of its bundle.</summary>
    public static CheckReport Run(RuntimeOptions options, CreateOptions? create)
    {
        var report = new CheckReport();
        var host = new HostFiles();
        uint uid = Sys.GetEuid();
        KernelChecks.Check(report, host, CallerChecks.HasCapability(host, "CAP_SYS_ADMIN"));
        CallerChecks.Check(report, host, uid);
        if (options.CgroupManager == CgroupManager.Disabled)
        {
            report.Warn("cgroups", "are not used: no limits, no device rules", "leave --cgroup-manager disabled out");
        }

        var cgroups = new CgroupChecks(report, host, uid == 0);
        cgroups.Check(report);
        if (create is not null)
        {
            BundleChecks.Check(report, host, cgroups, options, create);
        }

        return report;
    }
}
