using System;
using System.IO;
using System.Linq;
using Anocir.Integration.Tests.Fixture;
using Anocir.Integration.Tests.Resources;
using Xunit;

namespace Anocir.Integration.Tests.Lifecycle;

/// <summary>delete, with and without force.</summary>
public sealed class DeleteTests : ContainerTest
{
    [Fact]
    public void A_created_container_is_deleted_only_with_force()
    {
        _ = Create(NewBundle());
        int pid = Pid();

        _ = Fails($"cannot delete container {Id} that is not stopped: created", "delete", Id);
        Assert.Equal("created", Status());
        Assert.True(Proc.IsAlive(pid));

        Delete();
        Assert.False(Proc.IsAlive(pid));
    }

    [Fact]
    public void A_running_container_is_deleted_only_with_force()
    {
        _ = Create(NewBundle().Probe("fork", "3", "block"));
        _ = Ok("start", Id);

        _ = Fails($"cannot delete container {Id} that is not stopped: running", "delete", Id);
        Assert.Equal("running", Status());

        _ = Ok("delete", "-f", Id);
        _ = Fails("container does not exist", "state", Id);
    }

    [Fact]
    public void Force_does_not_mind_that_there_is_nothing()
    {
        Delete();
        Assert.False(Directory.Exists(Root));
    }

    [Fact]
    public void Nothing_is_left_when_delete_returns()
    {
        var before = new LeakCheck(Tag, Root);
        _ = Create(NewBundle().WithoutNamespace("pid").Probe("fork", "20", "orphan", "block"));
        _ = Ok("start", Id);

        Delete();

        Assert.Empty(before.FindNow());
    }

    [Fact]
    public void A_frozen_container_is_deleted()
    {
        _ = Create(NewBundle().Probe("fork", "2", "block"));
        _ = Ok("start", Id);
        bool unified = Limit.IsUnified;
        string cgroup = Assert.Single(Cgroups.Named(Tag), path => unified || path.Contains("/freezer/", StringComparison.Ordinal));
        File.WriteAllText(cgroup + (unified ? "/cgroup.freeze" : "/freezer.state"), unified ? "1" : "FROZEN");

        Delete();
    }

    [Fact]
    public void Cgroups_that_the_container_made_are_removed()
    {
        Bundle bundle = NewBundle().Shell("for c in /sys/fs/cgroup /sys/fs/cgroup/*/; do mkdir -p $c/inner/deep; done; echo made; exec sleep 1000");
        bundle.Mounts.Last()!["options"] = Bundle.Json("nosuid", "noexec", "nodev", "relatime");
        _ = bundle.Namespace("cgroup");
        using Spawned created = CreateWithOutput(bundle);
        _ = Ok("start", Id);
        created.WaitForOutput("made");
        Assert.Contains(Cgroups.Named("deep"), path => path.Contains($"/{Tag}/inner/deep", StringComparison.Ordinal));

        Delete();

        Assert.Empty(Cgroups.Named(Tag));
    }

    // An empty cgroup may be taken: the end of the first container's PID namespace left nobody in it.
    [Fact]
    public void Who_uses_the_cgroup_since_is_left_alone()
    {
        string first = Id + "-a", second = Id + "-b";
        Bundle bundle = NewBundle().Probe("block");
        bundle.Linux["cgroupsPath"] = "/" + Tag;
        _ = CreateAs(first, bundle);
        _ = Ok("kill", first, "KILL");
        WaitForStatus("stopped", first);
        _ = CreateAs(second, bundle);
        _ = Ok("start", second);

        _ = Ok("kill", "--all", first, "KILL");
        CliResult deleted = Ok("delete", first);

        Assert.Contains("level=warning msg=\"cgroup '", deleted.Stderr, StringComparison.Ordinal);
        Assert.Contains($"/{Tag}' stays: processes of others use it\"", deleted.Stderr, StringComparison.Ordinal);
        Assert.Equal("running", Status(second));
        Assert.NotEmpty(Cgroups.Named(Tag));
        Delete(second);
        Assert.Empty(Cgroups.Named(Tag));
    }

    // Files are replaced without fsync(2): after a power failure they may be empty.
    [Fact]
    public void Force_goes_on_without_files_that_cannot_be_read()
    {
        Bundle bundle = NewBundle().HookScript("poststop", $"echo x >{Temp}/ran").Probe("block");
        _ = Create(bundle);
        int pid = Pid();
        File.WriteAllText($"{Root}/{Id}/config.json", "");
        CliResult deleted = Ok("delete", "--force", Id);
        Assert.Contains("level=warning msg=\"poststop hooks are not run: ", deleted.Stderr, StringComparison.Ordinal);
        Assert.Equal((false, false), (Proc.IsAlive(pid), File.Exists(Temp + "/ran")));

        _ = Directory.CreateDirectory($"{Root}/{Id}");
        File.WriteAllText($"{Root}/{Id}/state.json", """{"version":2}""");
        _ = Fails("was written by a newer anocir", "delete", "--force", Id);
        File.WriteAllText($"{Root}/{Id}/state.json", "");
        _ = Fails($"hint: remove it with 'anocir delete --force {Id}'", "delete", Id);
        deleted = Ok("delete", "--force", Id);
        Assert.Contains($"level=warning msg=\"the state of container '{Id}' cannot be read: it is removed, what it named is not; ", deleted.Stderr, StringComparison.Ordinal);
        _ = Fails("container does not exist", "state", Id);
    }

    // With a wrong --root any directory is called a container.
    [Fact]
    public void Force_does_not_remove_what_never_was_a_container()
    {
        string mine = $"{Root}/{Id}/photos";
        _ = Directory.CreateDirectory(mine);
        File.WriteAllText(mine + "/one", "x");
        _ = Fails($"cannot delete container '{Id}': '{Root}/{Id}' is not a container's directory, it holds 'photos' and no state.json; "
            + "hint: check --root, or remove it by hand", "delete", "--force", Id);
        Assert.Equal("x", File.ReadAllText(mine + "/one"));
        Directory.Delete(mine, recursive: true);
        _ = Ok("delete", "--force", Id);
        Assert.False(Directory.Exists($"{Root}/{Id}"));
    }

    [Fact]
    public void A_deleted_id_can_be_used_again()
    {
        Bundle bundle = NewBundle();
        for (int i = 0; i < 3; i++)
        {
            _ = Create(bundle);
            Delete();
        }
    }
}
