using System;
using System.Linq;
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
    [InlineData("sync", "rsync")]
    [InlineData("dirsync", "rdirsync")]
    [InlineData("mand", "rmand")]
    public void What_belongs_to_the_file_system_may_have_an_r(string option, string recursive)
    {
        MountOptions options = MountOptions.Parse([recursive]);

        Assert.NotEqual(0u, options.SuperblockFlags);
        Assert.Equal(MountOptions.Parse([option]).SuperblockFlags, options.SuperblockFlags);
        Assert.Equal(0u, MountOptions.Parse([option, recursive == "rmand" ? "rnomand" : "rasync"]).SuperblockFlags & ~MS.DIRSYNC);
        Assert.Null(options.Data);
    }

    [Fact]
    public void Words_about_symlinks_are_no_data()
    {
        MountOptions options = MountOptions.Parse(["copy-symlink", "src-nofollow", "dest-nofollow"]);

        Assert.Equal((true, true, true), (options.CopySymlink, options.SourceNoFollow, options.DestinationNoFollow));
        Assert.Null(options.Data);
    }

    [Fact]
    public void Every_known_option_is_known_and_in_order()
    {
        string[] known = MountOptions.Known.Split(' ');

        Assert.Equal(known.Order(StringComparer.Ordinal), known);
        Assert.All(known, option => Assert.Null(MountOptions.Parse([option]).Data));
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
