using Anocir.Cli.CommandLine;
using Anocir.Runtime.Errors;
using Xunit;

namespace Anocir.Cli.Tests;

/// <summary>Sizes and durations on the command line.</summary>
public sealed class UnitTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("4096", 4096)]
    [InlineData("1b", 1)]
    [InlineData("50M", 52428800)]
    [InlineData("50mb", 52428800)]
    [InlineData("1.5 GiB", 1610612736)]
    [InlineData("2k", 2048)]
    [InlineData("1T", 1099511627776)]
    public void SizesHaveBinaryUnits(string text, long expected)
    {
        Assert.True(ByteSize.TryParse(text, out long bytes));
        Assert.Equal(expected, bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("M")]
    [InlineData("-5")]
    [InlineData("5x")]
    [InlineData("5MM")]
    [InlineData("1..5M")]
    [InlineData("99999999P")]
    [InlineData("99999999999999P")]
    public void OtherSizesAreRefused(string text) => Assert.False(ByteSize.TryParse(text, out _));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(999, "999")]
    [InlineData(1536, "1.5K")]
    [InlineData(20971520, "20M")]
    [InlineData(1073741824, "1.0G")]
    public void SizesForPeopleAreShort(ulong bytes, string expected) => Assert.Equal(expected, ByteSize.Short(bytes));

    [Theory]
    [InlineData("100ms", 100)]
    [InlineData("1s", 1000)]
    [InlineData("1.5s", 1500)]
    [InlineData("1m30s", 90000)]
    [InlineData("1h", 3600000)]
    [InlineData("10us", 1)]
    public void DurationsAreGos(string text, int milliseconds) => Assert.Equal(milliseconds, Durations.ParseInterval(text));

    [Theory]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("")]
    [InlineData("5 s")]
    [InlineData("5d")]
    public void OtherDurationsAreRefused(string text) =>
        Assert.StartsWith("option --interval: invalid duration", Assert.Throws<ContainerException>(() => Durations.ParseInterval(text)).Message);

    [Theory]
    [InlineData("0")]
    [InlineData("0s")]
    [InlineData("-1s")]
    public void AnIntervalIsAboveZero(string text) =>
        Assert.EndsWith("duration interval must be greater than 0", Assert.Throws<ContainerException>(() => Durations.ParseInterval(text)).Message);
}
