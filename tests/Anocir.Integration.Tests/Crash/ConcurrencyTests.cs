using System.Collections.Generic;
using System.Linq;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Crash;

/// <summary>Several commands for one name at once.</summary>
public sealed class ConcurrencyTests : ContainerTest
{
    [Fact]
    public void Of_many_creates_with_one_name_exactly_one_wins()
    {
        Bundle bundle = NewBundle();
        bundle.Write();
        List<Spawned> all = [.. Enumerable.Range(0, 6).Select(_ => Start("create", "--bundle", bundle.Dir, Id))];
        CliResult[] results = [.. all.Select(static one => one.Wait())];
        all.ForEach(static one => one.Dispose());
        Assert.Single(results, static result => result.Code == 0);
        Assert.All(
            results.Where(static result => result.Code != 0),
            static result => Assert.Equal("anocir create failed: container with given ID already exists", result.Error));
        Assert.Equal("created", Status());
        Delete();
    }

    [Fact]
    public void Creates_and_forced_deletes_of_one_name_never_leave_anything()
    {
        Bundle bundle = NewBundle();
        bundle.Write();
        List<Spawned> all = [.. Enumerable.Range(0, 6).Select(i => i % 2 == 0
            ? Start("create", "--bundle", bundle.Dir, Id)
            : Start("delete", "--force", Id))];
        CliResult[] results = [.. all.Select(static one => one.Wait())];
        all.ForEach(static one => one.Dispose());
        for (int i = 0; i < results.Length; i++)
        {
            bool taken = i % 2 == 0 && results[i].Error.EndsWith("container with given ID already exists", System.StringComparison.Ordinal);
            Assert.True(results[i].Code == 0 || taken, results[i].ToString());
        }

        Delete();
    }

    [Fact]
    public void Of_many_starts_exactly_one_wins()
    {
        using Spawned created = CreateWithOutput(NewBundle().Probe("print", "once", "block"));
        List<Spawned> all = [.. Enumerable.Range(0, 5).Select(_ => Start("start", Id))];
        CliResult[] results = [.. all.Select(static one => one.Wait())];
        all.ForEach(static one => one.Dispose());
        Assert.Single(results, static result => result.Code == 0);
        Assert.All(
            results.Where(static result => result.Code != 0),
            static result => Assert.Equal("cannot start an already running container", result.Error));
        created.WaitForOutput("ready");
        Delete();
    }
}
