using Anocir.Runtime.Lifecycle;
using Anocir.Runtime.Spec;
using Xunit;

namespace Anocir.Runtime.Tests.Lifecycle;

/// <summary>The one spelling of a destination that everything after the checks compares.</summary>
public sealed class MountDestinationTests
{
    [Theory]
    [InlineData("/dev", "/dev", "/dev")]
    [InlineData("//dev", "/dev", "/dev")]
    [InlineData("/dev/", "/dev", "/dev")]
    [InlineData("/dev/.", "/dev", "/dev")]
    [InlineData("/./dev//", "/dev", "/dev")]
    [InlineData("/x/../dev", "/dev", "/dev")]
    [InlineData("/../../dev", "/dev", "/dev")]
    [InlineData("dev", "dev", "/dev")]
    [InlineData("./dev/.", "./dev/.", "/dev")]
    [InlineData("../../dev", "../../dev", "/dev")]
    [InlineData("..", "..", "/")]
    [InlineData("/", "/", "/")]
    [InlineData("/bundle/rootfs", "/", "/")]
    [InlineData("/bundle/rootfs/", "/", "/")]
    [InlineData("/bundle//rootfs/./dev", "/dev", "/dev")]
    [InlineData("/bundle/rootfs/../other", "/bundle/other", "/bundle/other")]
    [InlineData("/bundle/rootfs2/dev", "/bundle/rootfs2/dev", "/bundle/rootfs2/dev")]
    [InlineData("bundle/rootfs/dev", "bundle/rootfs/dev", "/bundle/rootfs/dev")]
    public void EverySpellingBecomesOne(string written, string checkedAs, string used)
    {
        Mount[] mounts = [new Mount { Destination = written }];

        MountDestinations.Clean(mounts, "/bundle/rootfs");
        Assert.Equal(checkedAs, mounts[0].Destination);
        MountDestinations.MakeAbsolute(mounts);
        Assert.Equal(used, mounts[0].Destination);
    }

    [Fact]
    public void TheHostsRootIsNotStripped()
    {
        Mount[] mounts = [new Mount { Destination = "/dev/./x" }];
        MountDestinations.Clean(mounts, "/");
        Assert.Equal("/dev/x", mounts[0].Destination);
    }
}
