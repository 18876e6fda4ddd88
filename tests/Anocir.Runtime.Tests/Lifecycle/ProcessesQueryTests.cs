using Anocir.Runtime.Errors;
using Anocir.Runtime.Lifecycle;
using Xunit;

namespace Anocir.Runtime.Tests.Lifecycle;

public sealed class ProcessesQueryTests
{
    [Fact]
    public void LinesOfOtherProcessesAreLeftOut() => Assert.Equal(
        "  PID COMMAND\n   12 sh -c 13\n  140 x\n", ProcessesQuery.Filter("  PID COMMAND\n    1 init 12\n   12 sh -c 13\n  140 x\n\n", [12, 140]));

    [Fact]
    public void AnotherColumnMayComeFirst() =>
        Assert.Equal("UID PID\n12 13\n", ProcessesQuery.Filter("UID PID\n13 12\n12 13\n", [13]));

    [Fact]
    public void TableWithoutPidIsRefused()
    {
        ContainerException e = Assert.Throws<ContainerException>(() => ProcessesQuery.Filter("UID CMD\n", []));
        Assert.Contains("couldn't find PID field in ps output", e.Message);
    }
}
