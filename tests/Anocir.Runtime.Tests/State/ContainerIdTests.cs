using Anocir.Runtime.Errors;
using Anocir.Runtime.State;
using Xunit;

namespace Anocir.Runtime.Tests.State;

public sealed class ContainerIdTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("A-z_0+9.x")]
    [InlineData("...")]
    [InlineData("-5")]
    [InlineData(".hidden")]
    public void Valid(string text) => Assert.Equal(text, ContainerId.Parse(text).Value);

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("/")]
    [InlineData("a b")]
    [InlineData("ä")]
    [InlineData("a\0")]
    [InlineData("a\n")]
    [InlineData("a:b")]
    public void InvalidHasRuncsPhrase(string text)
    {
        Assert.False(ContainerId.TryParse(text, out _));
        var e = Assert.Throws<ContainerException>(() => ContainerId.Parse(text));
        Assert.StartsWith($"invalid container ID format: '{text}'", e.Message);
        Assert.False(e.IsNotFound);
    }

    [Fact]
    public void EmptyHasRuncsPhrase() =>
        Assert.Equal("container id cannot be empty", Assert.Throws<ContainerException>(() => ContainerId.Parse("")).Message);

    [Fact]
    public void LengthIsThatOfAFileName()
    {
        Assert.True(ContainerId.TryParse(new string('a', 255), out _));
        Assert.False(ContainerId.TryParse(new string('a', 256), out _));
    }
}
