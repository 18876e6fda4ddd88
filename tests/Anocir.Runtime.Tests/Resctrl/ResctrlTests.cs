using System;
using System.IO;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Resctrl;
using Anocir.Runtime.Spec;
using Anocir.Runtime.State;
using Anocir.Runtime.Tests.State;
using Anocir.Runtime.Validation;
using Xunit;

namespace Anocir.Runtime.Tests.Resctrl;

/// <summary>linux.intelRdt on a directory that looks like the kernel's resctrl file system.</summary>
public sealed class ResctrlTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public ResctrlTests()
    {
        foreach (string name in (string[])["info/L3", "info/MB", "mon_groups", "shared/mon_groups"])
        {
            _ = Directory.CreateDirectory(Root + "/" + name);
        }

        File.WriteAllText(Root + "/info/last_cmd_status", "mkdir: no free CLOSIDs\n");
        foreach (string group in (string[])["", "/shared"])
        {
            File.WriteAllText(Root + group + "/tasks", "");
            File.WriteAllText(Root + group + "/schemata", "    MB:0= 20;1=100\n    L3:0=07f0;1=001f\n");
        }
    }

    private string Root => _directory.Path;

    [Fact]
    public void The_mount_point_is_found() => Assert.Equal("/sys/fs/resctrl", ResctrlRoot.Find(
        "24 1 0:22 / /sys rw - sysfs sysfs rw\n77 24 0:60 / /sys/fs/resctrl rw,relatime shared:9 - resctrl resctrl rw\n"));

    [Fact]
    public void Without_the_file_system_it_is_refused() => Assert.StartsWith(
        "invalid config: linux.intelRdt: intelRdt is specified in config, but Intel RDT is not enabled", Refused(new IntelRdt(), null), StringComparison.Ordinal);

    [Theory]
    [InlineData("..", null, null, "closID: invalid intelRdt.ClosID \"..\"")]
    [InlineData("a/b", null, null, "closID: invalid intelRdt.ClosID \"a/b\"")]
    [InlineData(null, "L3:0=1\nMB:0=1", null, "l3CacheSchema: must not contain newlines, got \"L3:0=1\\nMB:0=1\"")]
    [InlineData(null, "MB:0=1", null, "l3CacheSchema: must start with L3, got \"MB:0=1\"")]
    [InlineData(null, null, "L3:0=1", "memBwSchema: must start with MB:, got \"L3:0=1\"")]
    public void Wrong_value_is_refused(string? clos, string? cache, string? bandwidth, string message) => Assert.Equal(
        "invalid config: linux.intelRdt." + message,
        Refused(new IntelRdt { ClosId = clos, L3CacheSchema = cache, MemBwSchema = bandwidth }, Root));

    [Fact]
    public void Wrong_schemata_line_is_refused() => Assert.Equal(
        "invalid config: linux.intelRdt.schemata[1]: must not contain newlines, got \"L2:0=f\\n\"",
        Refused(new IntelRdt { Schemata = ["L3:0=1", "L2:0=f\n"] }, Root));

    [Theory]
    [InlineData("L3", "L3:0=1", null, "linux.intelRdt.l3CacheSchema: intelRdt.l3CacheSchema is specified in config, but Intel RDT/CAT is not enabled")]
    [InlineData("MB", null, "MB:0=1", "linux.intelRdt.memBwSchema: intelRdt.memBwSchema is specified in config, but Intel RDT/MBA is not enabled")]
    public void What_the_cpu_lacks_is_refused(string resource, string? cache, string? bandwidth, string message)
    {
        Directory.Delete(Root + "/info/" + resource);

        Assert.Equal("invalid config: " + message, Refused(new IntelRdt { L3CacheSchema = cache, MemBwSchema = bandwidth }, Root));
    }

    [Fact]
    public void A_group_of_the_containers_name_is_described_for_removal()
    {
        ResctrlRecord record = ResctrlGroup.Describe(Root, new IntelRdt { EnableMonitoring = true }, "c1");

        Assert.Equal((Root + "/c1", true, Root + "/c1/mon_groups/c1"), (record.Group, record.Remove, record.Monitor));
        Assert.False(ResctrlGroup.Describe(Root, new IntelRdt(), "shared").Remove); // it is there already
        Assert.False(ResctrlGroup.Describe(Root, new IntelRdt { ClosId = "new" }, "c1").Remove);
        Assert.Equal(Root, ResctrlGroup.Describe(Root, new IntelRdt { ClosId = "/" }, "c1").Group);
    }

    [Fact]
    public void Schemata_are_written_in_order_and_the_process_moved()
    {
        var rdt = new IntelRdt
        {
            ClosId = "shared", L3CacheSchema = "L3:0=7f0;1=1f", MemBwSchema = "MB:1=100", Schemata = ["L2:0=f"], EnableMonitoring = true,
        };
        _ = Directory.CreateDirectory(Root + "/shared/mon_groups/c1");
        File.WriteAllText(Root + "/shared/mon_groups/c1/tasks", "");
        ResctrlRecord record = ResctrlGroup.Describe(Root, rdt, "c1");

        new ResctrlGroup(Root, rdt, record).Create(4711);

        Assert.StartsWith("L3:0=7f0;1=1f\nMB:1=100\nL2:0=f\n", File.ReadAllText(Root + "/shared/schemata"), StringComparison.Ordinal);
        Assert.Equal("4711", File.ReadAllText(Root + "/shared/tasks"));
        Assert.Equal("4711", File.ReadAllText(Root + "/shared/mon_groups/c1/tasks"));
        Assert.Equal([Root + "/shared/mon_groups/c1"], ResctrlGroup.Removable(record));
    }

    [Theory]
    [InlineData("L3:0=1;1=1", null, "L3:0=1;1=1\n")]
    [InlineData("L3:0=3", "MB:0=50", "L3:0=3\nMB:0=50\n")]
    public void An_update_writes_what_is_given(string? cache, string? bandwidth, string text)
    {
        File.WriteAllText(Root + "/shared/schemata", "");
        int commits = 0;
        var rdt = new IntelRdt { L3CacheSchema = cache, MemBwSchema = bandwidth };

        new ResctrlGroup(Root, rdt, new ResctrlRecord { Group = Root + "/shared" }).Update(() => commits++);

        Assert.Equal(text, File.ReadAllText(Root + "/shared/schemata"));
        Assert.Equal(1, commits);
    }

    [Fact]
    public void An_update_that_cannot_be_written_down_is_taken_back()
    {
        string old = File.ReadAllText(Root + "/shared/schemata"), during = "";
        var group = new ResctrlGroup(Root, new IntelRdt { L3CacheSchema = "L3:0=1" }, new ResctrlRecord { Group = Root + "/shared" });

        ContainerException failure = Assert.Throws<ContainerException>(() => group.Update(() =>
        {
            during = File.ReadAllText(Root + "/shared/schemata");
            throw new ContainerException("disk full");
        }));

        Assert.Equal("disk full", failure.Message);
        Assert.StartsWith("L3:0=1\n", during, StringComparison.Ordinal);
        Assert.Equal(old, File.ReadAllText(Root + "/shared/schemata"));
    }

    [Theory]
    [InlineData("L3", "Intel RDT/CAT: l3 cache schema is not enabled; hint: ")]
    [InlineData("MB", "Intel RDT/MBA: memory bandwidth schema is not enabled; hint: ")]
    public void An_update_of_what_the_cpu_lacks_is_refused(string resource, string message)
    {
        Directory.Delete(Root + "/info/" + resource);
        var group = new ResctrlGroup(
            Root, new IntelRdt { L3CacheSchema = "L3:0=1", MemBwSchema = "MB:0=50" }, new ResctrlRecord { Group = Root + "/shared" });

        Assert.StartsWith(message, Assert.Throws<ContainerException>(() => group.Update(Unreached)).Message, StringComparison.Ordinal);
        _ = Assert.Throws<ContainerException>(() => new ResctrlGroup(
            "", new IntelRdt { L3CacheSchema = "L3:0=1" }, new ResctrlRecord { Group = Root + "/shared" }).Update(Unreached)); // not mounted

        static void Unreached() => Assert.Fail("nothing was written that could be kept");
    }

    [Theory]
    [InlineData("L3:0=7f0;1=1e", null, "l3CacheSchema")]
    [InlineData(null, "MB:0=30", "memBwSchema")]
    [InlineData(null, "MB:7=20", "memBwSchema")]
    public void An_existing_class_must_agree(string? cache, string? bandwidth, string property)
    {
        var rdt = new IntelRdt { ClosId = "shared", L3CacheSchema = cache, MemBwSchema = bandwidth };

        string message = Fails(rdt);

        Assert.StartsWith($"invalid config: linux.intelRdt.{property}: does not match the existing class of service '{Root}/shared', got ", message,
            StringComparison.Ordinal);
        Assert.Equal("", File.ReadAllText(Root + "/shared/tasks"));
    }

    [Fact]
    public void A_class_without_schemata_must_be_there() => Assert.Equal(
        $"invalid config: linux.intelRdt.closID: clos dir not accessible (must be pre-created when schemata, l3CacheSchema and memBwSchema are empty): "
        + $"cannot open '{Root}/missing': no such file or directory (ENOENT)",
        Fails(new IntelRdt { ClosId = "missing" }));

    [Fact]
    public void A_failure_has_the_kernels_words() => Assert.Contains(
        "/c1/tasks' (linux.intelRdt): no such file or directory (ENOENT)", Fails(new IntelRdt()), StringComparison.Ordinal);

    [Fact]
    public void Removal_takes_own_directories_only_and_accepts_that_they_are_gone()
    {
        _ = Directory.CreateDirectory(Root + "/c1");
        var record = new ResctrlRecord { Group = Root + "/c1", Remove = true, Monitor = Root + "/c1/mon_groups/c1" };

        Assert.Null(ResctrlGroup.Remove(record));
        Assert.False(Directory.Exists(Root + "/c1"));
        Assert.Null(ResctrlGroup.Remove(record));
        Assert.Null(ResctrlGroup.Remove(new ResctrlRecord { Group = Root + "/shared" }));
        Assert.True(Directory.Exists(Root + "/shared"));
        Assert.Equal(
            $"cannot remove the resctrl group '{Root}/shared': directory not empty (ENOTEMPTY)",
            ResctrlGroup.Remove(new ResctrlRecord { Group = Root + "/shared", Remove = true })!.Message);
    }

    public void Dispose() => _directory.Dispose();

    private string Fails(IntelRdt rdt) => Assert.Throws<ContainerException>(
        () => new ResctrlGroup(Root, rdt, ResctrlGroup.Describe(Root, rdt, "c1")).Create(4711)).Message;

    private static string Refused(IntelRdt rdt, string? root) => Assert.Throws<ContainerException>(() => IntelRdtChecks.Check(rdt, root)).Message;
}
