using System;
using System.IO;
using System.Linq;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Lifecycle;

/// <summary>plan shows what create would do, and asks nothing of what is so at the moment.</summary>
public sealed class PlanTests : ContainerTest
{
    // Only that tells whether systemd runs; a plan does not speak to it.
    private const string AsUnderSystemd = "mount -t tmpfs run /run; mkdir -p /run/systemd/system; exec \"$@\"";

    [Theory]
    [InlineData("cgroupfs")]
    [InlineData("systemd")]
    public void A_cgroup_in_use_is_no_obstacle(string manager)
    {
        string slice = Tag.Replace('-', '_') + ".slice";
        Bundle bundle = NewBundle().Probe("block");
        bundle.Linux["cgroupsPath"] = $"/{slice}/p-{Id}.scope";
        _ = Create(bundle);

        bundle.Linux["cgroupsPath"] = manager == "systemd" ? $"{slice}:p:{Id}" : $"/{slice}/p-{Id}.scope";
        bundle.Write();
        CliResult plan = Cli.Execute(
            [
                "/usr/bin/unshare", "--mount", "/bin/sh", "-ec", AsUnderSystemd, "sh",
                Paths.Anocir, "--root", Root, "--cgroup-manager", manager, "plan", "--bundle", bundle.Dir,
            ],
            new SpawnOptions());
        Assert.Equal((0, ""), (plan.Code, plan.Stderr));
        Assert.Contains("# helper and init: ", plan.Stdout, StringComparison.Ordinal);

        Delete();
        foreach (string directory in Cgroups.Hierarchies().Select(hierarchy => $"{hierarchy}/{slice}").Where(Directory.Exists))
        {
            Directory.Delete(directory);
        }
    }
}
