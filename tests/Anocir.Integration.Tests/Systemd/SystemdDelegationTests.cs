using System.IO;
using System.Text.Json.Nodes;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Systemd;

/// <summary>Cgroups below the scope: one of the container's own, and what root of the container may manage.</summary>
[Trait("Lane", "vm")]
public sealed class SystemdDelegationTests : SystemdTest
{
    private string Scope => "/sys/fs/cgroup/system.slice/" + Unit;

    [Fact]
    public void A_container_may_have_a_cgroup_of_its_own_in_the_scope_and_one_to_manage_in_that()
    {
        Bundle bundle = NewBundle().Namespace("cgroup").Probe("cgroup", "block");
        bundle.Linux["resources"] = JsonNode.Parse("""{"memory":{"limit":67108864},"pids":{"limit":50}}""");
        bundle.Config["annotations"] = new JsonObject { ["run.oci.systemd.subgroup"] = "container", ["run.oci.delegate-cgroup"] = "own" };
        CreateInScope(bundle);

        Assert.Equal(["0::/system.slice/" + Unit + "/container/own"], Proc.Lines($"/proc/{Pid()}/cgroup"));
        Assert.Equal(("67108864", "50"), (Read("container/memory.max"), Read("container/pids.max")));
        Assert.Equal(("67108864", "50"), (Show("MemoryMax")["MemoryMax"], Show("TasksMax")["TasksMax"]));
        Assert.Equal(("max", "max"), (Read("container/own/memory.max"), Read("container/own/pids.max")));
        _ = Ok("update", "--pids-limit", "33", Id);
        Assert.Equal(("33", "33"), (Read("container/pids.max"), Show("TasksMax")["TasksMax"]));
        Systemctl("daemon-reload");
        Assert.Equal("33", Read("container/pids.max"));
        DeleteWithUnit();
        Assert.False(Directory.Exists(Scope));
    }

    [Fact]
    public void Root_of_a_user_namespace_manages_the_scope_when_its_mount_is_writable()
    {
        Bundle bundle = NewBundle().Namespace("cgroup").Namespace("user");
        bundle.Linux["uidMappings"] = JsonNode.Parse("""[{"containerID":0,"hostID":100000,"size":65536}]""");
        bundle.Linux["gidMappings"] = JsonNode.Parse("""[{"containerID":0,"hostID":100000,"size":65536}]""");
        foreach (JsonNode? mount in bundle.Mounts)
        {
            if ((string)mount!["destination"]! is "/sys/fs/cgroup")
            {
                mount["options"] = Bundle.Json("nosuid", "noexec", "nodev", "relatime", "rw");
            }
        }

        bundle.Shell("mkdir /sys/fs/cgroup/sub && echo 0 >/sys/fs/cgroup/sub/cgroup.procs && echo +memory >/sys/fs/cgroup/cgroup.subtree_control && cat /proc/self/cgroup");
        bundle.Write();
        Assert.Equal(0, Cli.Execute(["/bin/busybox", "chmod", "-R", "a+rX", Paths.Run], new()).Code);

        CliResult result = Ok(Driver, "run", "--bundle", bundle.Dir, Id);

        Assert.Equal(("0::/sub\n", ""), (result.Stdout, result.Stderr));
        Assert.Equal("not-found", Show("LoadState")["LoadState"]);
    }

    private string Read(string file) => File.ReadAllText(Scope + "/" + file).TrimEnd();
}
