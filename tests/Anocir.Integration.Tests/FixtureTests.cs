using System.Collections.Generic;
using System.IO;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests;

/// <summary>A leak check that finds nothing proves nothing unless it is known to find things.</summary>
public sealed class FixtureTests : ContainerTest
{
    [Fact]
    public void The_leak_check_sees_what_a_container_is_made_of()
    {
        var check = new LeakCheck(Tag, Root);
        _ = Create(NewBundle());

        List<string> leaks = check.FindNow();

        Assert.Contains(leaks, static leak => leak.StartsWith("process: ", System.StringComparison.Ordinal) && leak.Contains("anocir:init"));
        Assert.Contains(leaks, leak => leak == $"file in --root: {Root}/{Id}");
        Assert.Contains(leaks, static leak => leak.StartsWith("cgroup: ", System.StringComparison.Ordinal));
        Delete();
        Assert.Empty(check.Find());
    }

    [Fact]
    public void The_leak_check_sees_mounts_and_descriptors()
    {
        var check = new LeakCheck(Tag, Root);
        string directory = Directory.CreateDirectory(Temp + "/mnt").FullName;
        _ = Native.Check(Native.mount("x", directory, "tmpfs", 0, null), "mount");
        int fd = Native.Check(Native.memfd_create("left", 1), "memfd_create");

        List<string> leaks = check.FindNow();

        Assert.Contains(leaks, leak => leak.StartsWith("mount: ", System.StringComparison.Ordinal) && leak.Contains(directory));
        Assert.Contains(leaks, static leak => leak.StartsWith("descriptor of the test: ", System.StringComparison.Ordinal));
        _ = Native.umount2(directory, 0);
        _ = Native.close(fd);
        Assert.Empty(check.Find());
    }

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
