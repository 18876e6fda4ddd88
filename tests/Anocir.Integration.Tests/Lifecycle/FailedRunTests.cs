using System;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Lifecycle;

/// <summary>Runs that cannot work: the cause is said and nothing stays (the fixture's leak check).</summary>
public sealed class FailedRunTests : ContainerTest
{
    // From one too few for the record up to one too few for init's plan; a host with cgroup v1 needs one more than one without.
    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(12)]
    public void Too_few_descriptors(int limit)
    {
        Bundle bundle = NewBundle().Args("/bin/true");
        bundle.Write();

        CliResult result = Anocir(new SpawnOptions { Launch = [$"rlimit=7:{limit}"] }, "run", "--bundle", bundle.Dir, Id);

        Assert.Equal(1, result.Code);
        Assert.EndsWith("too many open files (EMFILE); hint: ulimit -n is too low for this command", result.Error, StringComparison.Ordinal);
        Assert.Equal(1, result.Stderr.AsSpan().Count('\n'));
    }

    [Theory]
    [InlineData]
    [InlineData("--detach")]
    public void No_process(params string[] flags)
    {
        Bundle bundle = NewBundle();
        _ = bundle.Config.Remove("process");
        bundle.Write();

        _ = Fails("anocir run failed: invalid config: process: is required to start a container", ["run", "--bundle", bundle.Dir, .. flags, Id]);
    }
}
