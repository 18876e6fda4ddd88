using System.Linq;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Planning;
using Xunit;

namespace Anocir.Runtime.Tests.Planning;

public sealed class CpuListTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("0-3,7", 0, 1, 2, 3, 7)]
    [InlineData("3, 1", 1, 3)]
    [InlineData("1023", 1023)]
    [InlineData("5-5,5", 5)]
    public void Lists(string list, params int[] cpus)
    {
        byte[] mask = CpuList.Mask(list, "p");

        Assert.Equal(cpus, Enumerable.Range(0, 1024).Where(cpu => (mask[cpu / 8] & (1 << (cpu % 8))) != 0));
    }

    [Theory]
    [InlineData("0", "0x1")]
    [InlineData("0,2", "0x5")]
    [InlineData("65", "0x20000000000000000")]
    public void AsANumber(string list, string number) => Assert.Equal(number, CpuList.Hexadecimal(CpuList.Mask(list, "p")));

    [Theory]
    [InlineData("")]
    [InlineData(",")]
    [InlineData("1,")]
    [InlineData("2-1")]
    [InlineData("-1")]
    [InlineData("1-")]
    [InlineData("1024")]
    [InlineData("0-99999999999")]
    [InlineData("0x1")]
    [InlineData("a")]
    public void Others(string list) => Assert.Equal(
        $"invalid config: p: must be a list of CPUs below 1024 such as 0-3,7, got \"{list}\"", Assert.Throws<ContainerException>(() => CpuList.Mask(list, "p")).Message);
}
