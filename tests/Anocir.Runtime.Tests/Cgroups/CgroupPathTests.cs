using System;
using System.Linq;
using Anocir.Runtime.Cgroups;
using CsCheck;
using Xunit;

namespace Anocir.Runtime.Tests.Cgroups;

public sealed class CgroupPathTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("/", "/")]
    [InlineData("/a", "/a")]
    [InlineData("a/b", "a/b")]
    [InlineData("//a//b/", "/a/b")]
    [InlineData("/../../x", "/x")]
    [InlineData("../../etc/x", "etc/x")]
    [InlineData("a/../..", ".")]
    [InlineData("/a/./b/..", "/a")]
    [InlineData(".", ".")]
    [InlineData("/..", "/")]
    [InlineData("a/...", "a/...")]
    public void CleanResolvesDots(string path, string expected) => Assert.Equal(expected, CgroupPath.Clean(path));

    [Fact]
    public void CleanNeverLeavesTheRootAndIsIdempotent()
    {
        string[] parts = ["/", "..", ".", "a", "//", "..."];
        Gen<string> path = Gen.Int[0, parts.Length - 1].Array[0, 12].Select(picked => string.Concat(picked.Select(i => parts[i])));
        path.Sample(p =>
        {
            string clean = CgroupPath.Clean(p);
            Assert.Equal(clean, CgroupPath.Clean(clean));
            Assert.Equal(p.StartsWith('/'), clean.StartsWith('/'));
            Assert.DoesNotContain("..", clean.Split('/'));
            Assert.DoesNotContain("//", clean, StringComparison.Ordinal);
            Assert.True(clean.Length <= 1 || !clean.EndsWith('/'));
        });
    }

    [Theory]
    [InlineData("/", "/")]
    [InlineData("/a", "/")]
    [InlineData("/a/b", "/a")]
    public void ParentStopsAtTheRoot(string path, string expected) => Assert.Equal(expected, CgroupPath.Parent(path));

    [Theory]
    [InlineData("/m", "/a", "/m/a")]
    [InlineData("/m", "a", "/m/a")]
    [InlineData("/m", "/", "/m")]
    [InlineData("/m", ".", "/m")]
    [InlineData("/", "a", "/a")]
    public void JoinAddsOneSlash(string directory, string path, string expected) =>
        Assert.Equal(expected, CgroupPath.Join(directory, path));
}
