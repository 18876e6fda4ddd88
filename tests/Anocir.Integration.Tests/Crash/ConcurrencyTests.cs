using System.Collections.Generic;
using System.Linq;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Crash;

/// <summary>Several commands for one name at once.</summary>
public sealed class ConcurrencyTests : ContainerTest
{
    private static readonly string[] Endings =
    [
        "exec failed: the container ended during exec", "exec failed: container does not exist", "exec failed: cannot exec in a stopped container",
    ];

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

    // Whatever step of exec the end of the container hits, the message is about the container. list, meanwhile, warns of nothing.
    [Fact]
    public void Exec_and_list_while_the_container_is_deleted()
    {
        Bundle bundle = NewBundle().Probe("block");
        for (int i = 0; i < 12; i++)
        {
            _ = Create(bundle);
            List<Spawned> all = [Start("exec", Id, "/bin/probe", "print", "x"), Start("list"), Start("delete", "--force", Id), Start("list")];
            CliResult[] results = [.. all.Select(static one => one.Wait())];
            all.ForEach(static one => one.Dispose());
            Assert.True(results[0].Code is 0 or 137 || Endings.Contains(results[0].Error), results[0].ToString());
            Assert.Equal(("", ""), (results[1].Stderr, results[3].Stderr));
            Assert.Equal(0, results[2].Code);
        }
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
