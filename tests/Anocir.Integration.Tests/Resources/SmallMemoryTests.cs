using System.Text.Json.Nodes;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Resources;

/// <summary>What is charged to a container is a few pages of its init: the limit of memory may be as small as its program.</summary>
[Trait("Lane", "every")]
public sealed class SmallMemoryTests : ContainerTest
{
    public SmallMemoryTests() => Require.Controller("memory");

    [Fact]
    public void An_init_that_does_not_fit_says_so()
    {
        Bundle bundle = NewBundle();
        bundle.Linux["resources"] = JsonNode.Parse("""{"memory":{"limit":4096}}""");
        bundle.Write();
        _ = Fails("container init was OOM-killed (memory limit too low?)", "run", "--bundle", bundle.Dir, Id);
        _ = Fails("does not exist", "state", Id);
    }

    [Fact]
    public void A_container_starts_and_takes_commands_under_a_limit_of_1_MiB()
    {
        Bundle bundle = NewBundle().Namespace("cgroup");
        bundle.Linux["resources"] = JsonNode.Parse("""{"memory":{"limit":1048576}}""");
        string file = Limit.IsUnified ? "/sys/fs/cgroup/memory.max" : "/sys/fs/cgroup/memory/memory.limit_in_bytes";

        Assert.Equal("1048576\n", RunBundle(bundle.Args("cat", file)).Stdout);

        _ = Create(bundle.Probe("block"));
        _ = Ok("start", Id);
        Assert.Equal("1048576\n", Ok("exec", Id, "cat", file).Stdout);
        Assert.Equal("running", Status());
        Delete();
    }
}
