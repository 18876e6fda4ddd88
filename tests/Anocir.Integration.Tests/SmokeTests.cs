using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests;

/// <summary>The fixture itself: a container runs, the probe reports, nothing is left.</summary>
public sealed class SmokeTests : ContainerTest
{
    [Fact]
    public void The_probe_reports_from_inside()
    {
        Report inside = Probe(NewBundle(), "all");

        Assert.Equal("1", inside["pid"]);
        Assert.Equal("anocir", inside["hostname"]);
        Assert.Equal("probe", inside["comm"]);
        Assert.Equal(["/bin/probe", "all"], inside.All("arg"));
    }
}
