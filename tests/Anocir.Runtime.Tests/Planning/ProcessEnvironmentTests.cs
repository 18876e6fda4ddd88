using Anocir.Runtime.Planning;
using Xunit;

namespace Anocir.Runtime.Tests.Planning;

public sealed class ProcessEnvironmentTests
{
    [Theory]
    [InlineData("A=1", "A=1 HOME=/h")]
    [InlineData("", "HOME=/h")]
    [InlineData("HOME=/own A=1", "HOME=/own A=1")]
    [InlineData("HOME= A=1", "A=1 HOME=/h")]
    [InlineData("HOME=/own HOME= A=1", "A=1 HOME=/h")]
    [InlineData("HOME= A=1 HOME=/own", "A=1 HOME=/own")]
    [InlineData("A=1 A= A=2 HOME=/own", "A=2 HOME=/own")]
    [InlineData("A=1 HOMER=x A=2", "HOMER=x A=2 HOME=/h")]
    public void TheLastEntryOfANameWinsAndHomeIsNeverEmpty(string entries, string expected) =>
        Assert.Equal(expected.Split(' '), ProcessEnvironment.Build(entries.Split(' ', System.StringSplitOptions.RemoveEmptyEntries), "/h"));
}
