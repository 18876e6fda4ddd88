using System.IO;
using System.Text.Json.Nodes;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Resources;

/// <summary>The annotation run.oci.delegate-cgroup: a cgroup that root of the container manages, below the one with the limits.</summary>
public sealed class DelegatedCgroupTests : ContainerTest
{
    private const string Annotation = "run.oci.delegate-cgroup";

    public DelegatedCgroupTests() => Require.Controller("pids");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_process_is_in_it_and_the_limits_are_above(bool user)
    {
        Bundle bundle = NewBundle().Namespace("cgroup");
        bundle.Config["annotations"] = new JsonObject { [Annotation] = "/own" };
        bundle.Linux["resources"] = JsonNode.Parse("""{"pids":{"limit":50}}""");
        if (!Limit.IsUnified)
        {
            bundle.Args("true").Write();
            _ = Fails($"invalid config: annotations[\"{Annotation}\"]: needs cgroup v2; hint: ", "create", "--bundle", bundle.Dir, Id);
            return;
        }

        if (user)
        {
            bundle.Namespace("user");
            bundle.Linux["uidMappings"] = JsonNode.Parse("""[{"containerID":0,"hostID":100000,"size":65536}]""");
            bundle.Linux["gidMappings"] = JsonNode.Parse("""[{"containerID":0,"hostID":100000,"size":65536}]""");
            Assert.Equal(0, Cli.Execute(["/bin/busybox", "chmod", "-R", "a+rX", Paths.Run], new()).Code);
        }

        foreach (JsonNode? mount in bundle.Mounts)
        {
            if ((string)mount!["destination"]! is "/sys/fs/cgroup")
            {
                mount["options"] = Bundle.Json("nosuid", "noexec", "nodev", "relatime", "rw");
            }
        }

        // Inside it can make groups below and give them controllers, but not touch the limit (as root of the host could).
        string touch = user ? "; echo 60 >/sys/fs/cgroup/pids.max" : "";
        bundle.Shell("cd /sys/fs/cgroup/own && cat /proc/self/cgroup && mkdir sub && echo 0 >sub/cgroup.procs && echo +pids >cgroup.subtree_control && "
            + "echo 7 >sub/pids.max && cat sub/pids.max ../pids.max /proc/self/cgroup" + touch);
        bundle.Write();
        CliResult result = Anocir("run", "--bundle", bundle.Dir, Id);

        Assert.Equal((user ? 1 : 0, "0::/own\n7\n50\n0::/own/sub\n"), (result.Code, result.Stdout));
        Assert.Equal(user, result.Stderr.Contains("/sys/fs/cgroup/pids.max: Permission denied", System.StringComparison.Ordinal));

        // exec finds its way, and removal all of them.
        bundle.Probe("block");
        _ = Create(bundle);
        string own = Assert.Single(Cgroups.Named(Id));
        Assert.EndsWith($"/{Path.GetFileName(own)}/own", Assert.Single(Proc.Lines($"/proc/{Pid()}/cgroup")), System.StringComparison.Ordinal);
        Assert.Equal("0::/own\n", Ok("exec", Id, "cat", "/proc/self/cgroup").Stdout);
        Delete();
        Assert.False(Directory.Exists(own));
    }
}
