using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Rootless;

/// <summary>Cgroups of a user: none as long as nothing is asked of them, the user's own where one was delegated.</summary>
public sealed class RootlessCgroupTests : RootlessTest
{
    private static string Top => IsUnified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/unified";

    private static bool IsUnified => File.Exists("/sys/fs/cgroup/cgroup.controllers");

    [Fact]
    public void A_place_or_a_limit_without_permission_is_refused_by_name()
    {
        Bundle bundle = NewUserBundle();
        bundle.Linux["resources"] = JsonNode.Parse("""{"pids":{"limit":100}}""");
        FailsAsUser(IsUnified
            ? $"rootless needs no limits + no cgrouppath when no permission is granted for cgroups: cannot create cgroup '{Unified()}/{Id}': "
                + "permission denied (EACCES); hint: run as root, or have this cgroup delegated to you (systemd: Delegate=yes)"
            : $"cannot set pids limit: container could not join or create cgroup '/sys/fs/cgroup/pids/{Id}' (linux.resources.pids.limit); "
                + "hint: run as root, have that cgroup given to you (chown), or leave the limit out", bundle, []);

        bundle = NewUserBundle();
        bundle.Linux["cgroupsPath"] = "/" + Id;
        FailsAsUser($"unable to apply cgroup configuration: cannot create cgroup '{Top}/{Id}': permission denied (EACCES); "
            + "hint: run as root, or have this cgroup delegated to you (systemd: Delegate=yes)", bundle, []);

        bundle = NewUserBundle();
        FailsAsUser($"cannot create cgroup '{Unified()}/{Id}': permission denied (EACCES); "
            + "hint: run as root, or have this cgroup delegated to you (systemd: Delegate=yes)", bundle, [], "--rootless=false");
    }

    [Fact]
    public void A_delegated_cgroup_is_used()
    {
        Require.Controller("pids");
        Bundle bundle = NewUserBundle().WithoutNamespace("cgroup"); // which hides the path
        bundle.Linux["resources"] = JsonNode.Parse("""{"pids":{"limit":77}}""");
        bundle.Probe("cgroup", "read", IsUnified ? "/sys/fs/cgroup/pids.max" : "/sys/fs/cgroup/pids/pids.max").Write();
        List<string> made = Delegate();
        string procs = made[^1] + "/cgroup.procs";
        try
        {
            string[] command = ["/bin/busybox", "sh", "-c", $"echo $$ >{procs}; exec \"$@\"", "sh", .. Command([], AsUser, "run", "--bundle", bundle.Dir, Id + "-in")];

            CliResult result = Cli.Execute(command, Options());

            Assert.True(result is { Code: 0, Stderr: "" }, result.ToString());
            var inside = new Report(result.Stdout);
            string line = inside.All("cgroup").Single(static l => IsUnified ? l.StartsWith("0::", StringComparison.Ordinal) : l.Contains(":pids:", StringComparison.Ordinal));
            Assert.EndsWith($"/{Id}/{Id}-in", line, StringComparison.Ordinal);
            Assert.Equal("77", inside[IsUnified ? "/sys/fs/cgroup/pids.max" : "/sys/fs/cgroup/pids/pids.max"].Trim());
            Assert.Empty(Cgroups.Named(Id + "-in"));
            AssertNoState();
        }
        finally
        {
            made.Reverse();
            made.ForEach(Directory.Delete);
        }
    }

    /// <summary>What the user owns in the cgroups of the host is not the container's, in whatever way it is shown.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void CVE_2023_25809_the_users_cgroups_on_the_host_cannot_be_changed_from_inside(bool ownNamespace)
    {
        Require.Controller("pids");
        Bundle bundle = NewUserBundle().WithoutNamespace("cgroup");
        bundle = ownNamespace ? bundle.Namespace("cgroup") : bundle;
        bundle.Mounts.Single(static mount => (string?)mount!["type"] == "cgroup")!["options"] = Bundle.Json("rw");
        bundle.Shell("cd /sys/fs/cgroup && find . -type d -name mine | while read d; do mkdir $d/evil; done").Write();
        string caller = (IsUnified ? "/sys/fs/cgroup/" : "/sys/fs/cgroup/pids/") + Id;
        _ = Directory.CreateDirectory(caller + "/mine");
        Own(caller + "/mine");
        try
        {
            string[] command = ["/bin/busybox", "sh", "-c", $"echo $$ >{caller}/cgroup.procs; exec \"$@\"", "sh", .. Command([], AsUser, "run", "--bundle", bundle.Dir, Id + "-in")];

            CliResult result = Cli.Execute(command, Options());

            Assert.Contains("mine/evil': Read-only file system", result.Stderr, StringComparison.Ordinal);
            Assert.False(Directory.Exists(caller + "/mine/evil"));
            AssertNoState();
        }
        finally
        {
            Directory.Delete(caller + "/mine");
            Directory.Delete(caller);
        }
    }

    // Where the command looks for a place: beside its own cgroup of v2.
    private static string Unified()
    {
        string own = Proc.Lines("/proc/self/cgroup").First(static line => line.StartsWith("0::", StringComparison.Ordinal))[3..];
        return Top + own[..own.LastIndexOf('/')];
    }

    // v2: a subtree of the user with a leaf for the command; v1: a directory of the pids hierarchy, below which the container's goes.
    private List<string> Delegate()
    {
        if (!IsUnified)
        {
            string pids = "/sys/fs/cgroup/pids/" + Id;
            _ = Directory.CreateDirectory(pids);
            Own(pids);
            Own(pids + "/cgroup.procs");
            return [pids];
        }

        File.WriteAllText("/sys/fs/cgroup/cgroup.subtree_control", "+pids");
        string top = "/sys/fs/cgroup/" + Id, leaf = top + "/leaf";
        _ = Directory.CreateDirectory(top);
        _ = Directory.CreateDirectory(leaf);
        foreach (string directory in (string[])[top, leaf])
        {
            foreach (string file in (string[])["", "/cgroup.procs", "/cgroup.subtree_control", "/cgroup.threads"])
            {
                Own(directory + file);
            }
        }

        return [top, leaf];
    }
}
