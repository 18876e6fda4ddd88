using Anocir.Runtime.Planning;
using Xunit;

namespace Anocir.Runtime.Tests.Planning;

/// <summary>How the words of mounts[].options are sorted.</summary>
public sealed class MountOptionsTests
{
    [Fact]
    public void An_empty_option_means_nothing()
    {
        MountOptions options = MountOptions.Parse(["", "size=1m", ""]);

        Assert.Equal(["size=1m"], options.Data);
    }

    [Theory]
    [InlineData("idmap", true, false, null)]
    [InlineData("ridmap", true, true, null)]
    [InlineData("idmap=uids=0-1-1", true, false, "uids=0-1-1")]
    [InlineData("ridmap=uids=0-1-1", true, true, "uids=0-1-1")]
    [InlineData("idmapped", false, false, null)]
    public void Idmap_stands_alone_or_with_its_mapping(string option, bool isMapped, bool isRecursive, string? text)
    {
        MountOptions options = MountOptions.Parse([option]);

        Assert.Equal((isMapped, isRecursive, text), (options.IdMap, options.RecursiveIdMap, options.IdMapText));
    }
}
