using Anocir.Runtime.Cgroups;
using Anocir.Runtime.Errors;
using Xunit;

namespace Anocir.Runtime.Tests.Cgroups;

public sealed class SubCgroupsTests
{
    private static readonly CgroupHierarchy[] s_hierarchies =
    [
        new("", "/cg/unified", "/"), new("cpu,cpuacct", "/cg/cpu,cpuacct", "/"), new("pids", "/cg/pids", "/"), new("name=systemd", "/cg/systemd", "/"),
    ];

    private static readonly string[] s_own = ["/cg/unified/c", "/cg/cpu,cpuacct/a/c", "/cg/pids/c"];

    [Theory]
    [InlineData("", "/cg/unified/c", "/cg/cpu,cpuacct/a/c", "/cg/pids/c")]
    [InlineData("/", "/cg/unified/c", "/cg/cpu,cpuacct/a/c", "/cg/pids/c")]
    [InlineData("s", "/cg/unified/c/s", "/cg/cpu,cpuacct/a/c/s", "/cg/pids/c/s")]
    [InlineData("/s//t/./", "/cg/unified/c/s/t", "/cg/cpu,cpuacct/a/c/s/t", "/cg/pids/c/s/t")]
    [InlineData("x/../s", "/cg/unified/c/s", "/cg/cpu,cpuacct/a/c/s", "/cg/pids/c/s")]
    [InlineData("../c/s", "/cg/unified/c/s", "/cg/cpu,cpuacct/a/c/s", "/cg/pids/c/s")]
    [InlineData("pids:s", "/cg/unified/c", "/cg/cpu,cpuacct/a/c", "/cg/pids/c/s")]
    [InlineData("cpuacct:s", "/cg/unified/c", "/cg/cpu,cpuacct/a/c/s", "/cg/pids/c")]
    [InlineData("cpu,pids:s", "/cg/unified/c", "/cg/cpu,cpuacct/a/c/s", "/cg/pids/c/s")]
    public void Paths_count_from_the_containers_own(string value, params string[] expected) =>
        Assert.Equal(expected, SubCgroups.Parse([value]).Apply(s_own, s_hierarchies));

    [Theory]
    [InlineData("..")]
    [InlineData("s/../..")]
    [InlineData("/../../..")]
    [InlineData("../c2")]
    [InlineData("pids:..")]
    public void None_leads_out(string value)
    {
        SubCgroups groups = SubCgroups.Parse([value]);

        ContainerException e = Assert.Throws<ContainerException>(() => groups.Apply(s_own, s_hierarchies));
        Assert.StartsWith("bad sub cgroup path: '", e.Message, System.StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("whaaat:/", "unknown controller whaaat in --cgroup")]
    [InlineData("name=systemd:s", "unknown controller name=systemd in --cgroup")]
    public void Controllers_must_be_the_containers(string value, string message)
    {
        SubCgroups groups = SubCgroups.Parse([value]);

        Assert.StartsWith(message, Assert.Throws<ContainerException>(() => groups.Apply(s_own, s_hierarchies)).Message, System.StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("invalid --cgroup argument: a (missing <controller>: prefix)", "a", "b")]
    [InlineData("invalid --cgroup argument: a (missing <controller>: prefix)", "pids:x", "a")]
    [InlineData("invalid --cgroup argument: :a (empty <controller> prefix)", ":a")]
    [InlineData("invalid --cgroup argument: cpu,:a (empty <controller> prefix)", "cpu,:a")]
    [InlineData("invalid --cgroup argument(s): controller pids specified multiple times", "pids:a", "cpu,pids:b")]
    public void Forms(string message, params string[] values) =>
        Assert.Equal(message, Assert.Throws<ContainerException>(() => SubCgroups.Parse(values)).Message);

    [Fact]
    public void Nothing_given() => Assert.True(SubCgroups.Parse([]).IsEmpty);
}
