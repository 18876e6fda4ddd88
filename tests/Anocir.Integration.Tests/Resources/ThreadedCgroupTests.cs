using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Resources;

/// <summary>Containers below a cgroup that holds processes, as in a container without an engine's preparations. On v1 that is a place like any other.</summary>
public sealed class ThreadedCgroupTests : ContainerTest
{
    private static readonly string s_hierarchy = Limit.IsUnified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/pids";

    [Fact]
    public void A_container_two_levels_below_processes_has_what_threads_can_have()
    {
        Require.Controller("pids");
        Require.Controller("cpu");
        string top = Directory.CreateDirectory($"{s_hierarchy}/{Tag}").FullName;
        using Spawned neighbour = Cli.Start(["/bin/sleep", "1000"], new SpawnOptions());
        File.WriteAllText(top + "/cgroup.procs", neighbour.Pid.ToString(CultureInfo.InvariantCulture));
        string middle = top + "/docker", own = $"{middle}/{Id}";
        Bundle bundle = NewBundle().Probe("block");
        bundle.Linux["cgroupsPath"] = $"/{Tag}/docker/{Id}";

        string told = $"cannot enter cgroupv2 \"{top}\" with domain controllers -- it is in domain threaded mode, which excludes ";
        if (Limit.IsUnified)
        {
            Refused(
                bundle, """{"pids":{"limit":20},"memory":{"limit":67108864}}""",
                $"cannot enter cgroupv2 \"{middle}\" with domain controllers -- it is in an invalid state, which excludes linux.resources.memory.limit"
                + "; hint: a cgroup above the container's holds processes: move them into a child of it, or leave that limit out");

            // From now on the upper one is known for what it is.
            Refused(bundle, """{"unified":{"memory.high":"67108864"}}""", told + "linux.resources.unified[\"memory.high\"]; hint: ");
            Assert.False(Directory.Exists(middle));
        }

        bundle.Linux["resources"] = JsonNode.Parse("""{"pids":{"limit":20},"cpu":{"shares":512}}""");
        _ = Create(bundle);
        Assert.Equal("20\n", File.ReadAllText(own + "/pids.max"));
        if (Limit.IsUnified)
        {
            Assert.Equal(("threaded\n", "threaded\n", "59\n"), (File.ReadAllText(middle + "/cgroup.type"), File.ReadAllText(own + "/cgroup.type"), File.ReadAllText(own + "/cpu.weight")));
        }

        _ = Ok("start", Id);
        Assert.Equal("inside\n", Ok("exec", Id, "echo", "inside").Stdout);
        Assert.Equal($"[{Pid()}]\n", Ok("ps", "--format", "json", Id).Stdout);
        _ = Ok("pause", Id);
        _ = Ok("resume", Id);
        Delete();
        Assert.False(Directory.Exists(own));
        Assert.False(neighbour.HasEnded);

        if (Limit.IsUnified)
        {
            Refused(bundle, """{"memory":{"reservation":4096}}""", told + "linux.resources.memory.reservation; hint: ");
            RunsWhereTheCallerIsInTheRoot(bundle, top);
        }

        neighbour.Dispose();
        foreach (string directory in Cgroups.Named(Tag).Concat(Cgroups.Hierarchies().Select(h => $"{h}/{Tag}/docker")).Where(Directory.Exists).OrderByDescending(static d => d.Length))
        {
            Deadline.WaitFor(() => !Directory.Exists(directory) || TryRemove(directory), $"cgroup {directory} to be removed");
        }
    }

    // As in a container: the upper cgroup is the root that the caller sees, and the caller is in it.
    private void RunsWhereTheCallerIsInTheRoot(Bundle bundle, string top)
    {
        bundle.Args("/bin/cat", "/proc/self/cgroup").WithoutNamespace("cgroup").Linux["cgroupsPath"] = $"/deep/docker/{Id}";
        bundle.Linux["resources"] = JsonNode.Parse("""{"pids":{"limit":20}}""");
        bundle.Write();
        CliResult inside = Cli.Execute(
            [
                "/bin/sh", "-ec", "echo $$ >$0/cgroup.procs; exec unshare --cgroup --mount sh -ec 'umount -l /sys/fs/cgroup; mount -t cgroup2 cgroup /sys/fs/cgroup; exec \"$0\" \"$@\"' \"$@\"", top,
                Paths.Anocir, "--root", Root, "run", "--bundle", bundle.Dir, Id,
            ],
            new SpawnOptions());
        Assert.Equal((0, $"0::/deep/docker/{Id}\n", ""), (inside.Code, inside.Stdout, inside.Stderr));
        Directory.Delete(top + "/deep/docker");
        Directory.Delete(top + "/deep");
    }

    private void Refused(Bundle bundle, string resources, string message)
    {
        bundle.Linux["resources"] = JsonNode.Parse(resources);
        bundle.Write();
        _ = Fails(message, "create", "--bundle", bundle.Dir, Id);
    }

    private static bool TryRemove(string directory)
    {
        try
        {
            Directory.Delete(directory);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
