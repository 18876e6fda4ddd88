using System.Text;
using Anocir.Linux;
using Anocir.Runtime.SeccompFilters;
using Anocir.Runtime.Spec;
using Xunit;

namespace Anocir.Runtime.Tests.SeccompFilters;

public sealed class SeccompArchitectureTests
{
    [Theory]
    [InlineData("SCMP_ARCH_X86", "x86")]
    [InlineData("SCMP_ARCH_X86_64", "x86_64")]
    [InlineData("SCMP_ARCH_X32", "x32")]
    [InlineData("SCMP_ARCH_ARM", "arm")]
    [InlineData("SCMP_ARCH_AARCH64", "aarch64")]
    [InlineData("SCMP_ARCH_MIPS", "mips")]
    [InlineData("SCMP_ARCH_MIPSEL", "mipsel")]
    [InlineData("SCMP_ARCH_MIPS64", "mips64")]
    [InlineData("SCMP_ARCH_MIPSEL64", "mipsel64")]
    [InlineData("SCMP_ARCH_MIPS64N32", "mips64n32")]
    [InlineData("SCMP_ARCH_MIPSEL64N32", "mipsel64n32")]
    [InlineData("SCMP_ARCH_PARISC", "parisc")]
    [InlineData("SCMP_ARCH_PARISC64", "parisc64")]
    [InlineData("SCMP_ARCH_PPC", "ppc")]
    [InlineData("SCMP_ARCH_PPC64", "ppc64")]
    [InlineData("SCMP_ARCH_PPC64LE", "ppc64le")]
    [InlineData("SCMP_ARCH_S390", "s390")]
    [InlineData("SCMP_ARCH_S390X", "s390x")]
    [InlineData("SCMP_ARCH_RISCV64", "riscv64")]
    public void TokensAreTheLibrarys(string name, string libraryName) =>
        Assert.Equal(SeccompFilter.ResolveArchitecture(Encoding.ASCII.GetBytes(libraryName + "\0")), SeccompArchitecture.Parse(name));

    [Fact]
    public void EveryNameOfTheSpecificationHasAToken()
    {
        string[] names = SeccompNames.Architectures.Split(' ');
        Assert.Equal(23, names.Length);
        Assert.All(names, n => Assert.NotEqual(0u, SeccompArchitecture.Parse(n)));
    }
}
