using Anocir.Runtime.Cgroups.Limits;
using Anocir.Runtime.Errors;
using Xunit;

namespace Anocir.Runtime.Tests.Cgroups.Limits;

public sealed class ResourceConversionTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(100, 17)]
    [InlineData(1024, 100)]
    [InlineData(2048, 174)]
    [InlineData(3333, 256)]
    [InlineData(262143, 10000)]
    [InlineData(262144, 10000)]
    [InlineData(ulong.MaxValue, 10000)]
    public void SharesBecomeAWeight(ulong shares, ulong weight) => Assert.Equal(weight, ResourceConversion.CpuWeight(shares));

    [Fact]
    public void WeightsNeverFallAndStayInRange()
    {
        ulong last = 1;
        for (ulong shares = 2; shares <= ResourceConversion.MaxShares; shares++)
        {
            ulong weight = ResourceConversion.CpuWeight(shares);
            Assert.InRange(weight, last, 10_000UL);
            last = weight;
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(5, 1)]
    [InlineData(10, 1)]
    [InlineData(100, 910)]
    [InlineData(500, 4950)]
    [InlineData(750, 7475)]
    [InlineData(1000, 10000)]
    public void BlockIoWeightsBecomeIoWeights(ushort weight, ulong expected) => Assert.Equal(expected, ResourceConversion.IoWeight(weight));

    [Theory]
    [InlineData(0, 0, null)]
    [InlineData(0, -1, -1L)]
    [InlineData(-1, 0, -1L)]
    [InlineData(-1, -1, -1L)]
    [InlineData(-1, 300, 300L)]
    [InlineData(200, 0, null)]
    [InlineData(200, -1, -1L)]
    [InlineData(200, 200, 0L)]
    [InlineData(200, 300, 100L)]
    public void SwapLeavesMemoryOut(long memory, long swap, long? expected) => Assert.Equal(expected, ResourceConversion.Swap(memory, swap));

    [Theory]
    [InlineData(0, 300, "linux.resources.memory.swap: unable to set swap limit without memory limit")]
    [InlineData(300, 200, "linux.resources.memory.swap: memory+swap limit should be >= memory limit, got 200 with a limit of 300")]
    [InlineData(-2, 300, "linux.resources.memory.limit: must be -1 (no limit) or more, got -2")]
    [InlineData(300, -2, "linux.resources.memory.swap: must be -1 (no limit) or more, got -2")]
    public void SwapThatCannotBeIsRefused(long memory, long swap, string message)
    {
        ContainerException e = Assert.Throws<ContainerException>(() => ResourceConversion.Swap(memory, swap));
        Assert.Equal("invalid config: " + message, e.Message);
    }

    [Theory]
    [InlineData(-7, -1)]
    [InlineData(-1, -1)]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(4096, 4096)]
    public void PidsAreAtLeastOne(long limit, long expected) => Assert.Equal(expected, ResourceConversion.Pids(limit));
}
