using System;
using System.IO;
using Anocir.Plan;
using Xunit;

namespace Anocir.Init.Tests;

/// <summary>MakeNode and MakeSymlink below a held directory.</summary>
public class DeviceTests : StepTest
{
    private const ulong Null = 0x100000003;
    private const ulong Mode = S.IFCHR | 0x1B6; // 0666

    [Fact]
    public unsafe void NodesHaveModeOwnerAndNumber()
    {
        using var temp = new TempDirectory();
        using InitProcess init = Wait(Below(temp)
            .Add(StepKind.MakeNode, "null", b: 8, x: Mode, y: Null)
            .Add(StepKind.MakeNode, "net/tun", b: 8, x: S.IFCHR | 0x180, y: (10ul << 32) | 200, z: (7ul << 32) | 8)
            .Add(StepKind.MakeNode, "big", b: 8, x: 0x6000 | 0x180, y: (300ul << 32) | 70000)
            .Add(StepKind.MakeNode, "fifo", b: 8, x: S.IFIFO | 0x180)
            .Add(StepKind.MakeNode, "null", b: 8, x: Mode, y: Null));
        Assert.Equal((Mode, 1u, 3u, 0u, 0u), Look(temp["null"]));
        Assert.Equal((S.IFCHR | 0x180ul, 10u, 200u, 7u, 8u), Look(temp["net/tun"]));
        Assert.Equal((0x6180ul, 300u, 70000u, 0u, 0u), Look(temp["big"]));
        Assert.Equal(S.IFIFO | 0x180ul, Look(temp["fifo"]).Mode);
    }

    [Theory]
    [InlineData("file")]
    [InlineData("link")]
    [InlineData("directory")]
    public void SomethingElseInItsPlaceIsRefused(string name)
    {
        using var temp = new TempDirectory();
        temp.AddFile("file");
        temp.AddLink("link", "/dev/null");
        temp.AddDirectory("directory");
        Fails(Below(temp).Add(StepKind.MakeNode, name, b: 8, x: Mode, y: Null), Errno.EEXIST);
        Fails(Below(temp).Add(StepKind.MakeNode, "null", b: 8, x: Mode, y: Null)
            .Add(StepKind.MakeNode, "null", b: 8, x: Mode, y: Null + 2), Errno.EEXIST);
    }

    [Fact]
    public void DirectoriesAreMadeOnceWithTheirMode()
    {
        using var temp = new TempDirectory();
        const ulong Directory = 0x4000 | 0x1ED; // 0755
        using (InitProcess init = Wait(Below(temp)
            .Add(StepKind.MakeNode, "pts", b: 8, x: Directory, flags: StepFlags.Fresh)
            .Add(StepKind.MakeNode, "fresh", b: 8, x: Mode, y: Null, flags: StepFlags.Fresh)
            .Add(StepKind.MakeNode, "pts", b: 8, x: Directory)))
        {
            Assert.Equal(Directory, Look(temp["pts"]).Mode);
            Assert.Equal((Mode, 1u, 3u, 0u, 0u), Look(temp["fresh"]));
        }

        // What was there before is looked at, whatever the flag says.
        temp.AddFile("file");
        temp.AddLink("link", "pts");
        Fails(Below(temp).Add(StepKind.MakeNode, "file", b: 8, x: Directory, flags: StepFlags.Fresh), Errno.EEXIST);
        Fails(Below(temp).Add(StepKind.MakeNode, "link", b: 8, x: Directory, flags: StepFlags.Fresh), Errno.EEXIST);
        Fails(Below(temp).Add(StepKind.MakeNode, "file", b: 8, x: Mode, y: Null, flags: StepFlags.Fresh), Errno.EEXIST);
    }

    [Fact]
    public void NodeFailures()
    {
        using var temp = new TempDirectory();
        Fails(Below(temp).Add(StepKind.SetCaps).Add(StepKind.MakeNode, "null", b: 8, x: Mode, y: Null), Errno.EPERM);
        Fails(Below(temp).Add(StepKind.MakeNode, "x/", b: 8, x: Mode, y: Null), Errno.EINVAL);
    }

    [Fact]
    public void ParentsThatLeadOutStayInside()
    {
        using var temp = new TempDirectory();
        temp.AddDirectory("dev");
        temp.AddLink("dev/out", "../../..");
        var plan = new TestPlan();
        plan.Slot(Os.Open(temp["dev"]));
        using InitProcess init = Wait(plan.Add(StepKind.SetUmask).Add(StepKind.MakeNode, "out/null", b: 8, x: Mode, y: Null));
        Assert.Equal(Mode, Look(temp["dev/null"]).Mode);
    }

    [Fact]
    public void LinksAreMadeOrKept()
    {
        using var temp = new TempDirectory();
        temp.AddFile("file");
        temp.AddLink("same", "/proc/self/fd");
        using InitProcess init = Wait(Below(temp)
            .Add(StepKind.MakeSymlink, "fd", "/proc/self/fd", b: 8)
            .Add(StepKind.MakeSymlink, "a/b", "../fd", b: 8)
            .Add(StepKind.MakeSymlink, "same", "/proc/self/fd", b: 8)
            .Add(StepKind.MakeSymlink, "file", "/proc/self/fd", b: 8, x: 1));
        Assert.Equal("/proc/self/fd", new FileInfo(temp["fd"]).LinkTarget);
        Assert.Equal("../fd", new FileInfo(temp["a/b"]).LinkTarget);
        Assert.Null(new FileInfo(temp["file"]).LinkTarget);
        Fails(Below(temp).Add(StepKind.MakeSymlink, "file", "x", b: 8), Errno.EEXIST);
        Fails(Below(temp).Add(StepKind.MakeSymlink, "same", "x", b: 8), Errno.EEXIST);
    }

    private static TestPlan Below(TempDirectory temp)
    {
        var plan = new TestPlan();
        plan.Add(StepKind.SetUmask).Add(StepKind.Open, temp.Path, a: plan.Slot(), x: O.PATH);
        return plan;
    }

    private static unsafe (ulong Mode, uint Major, uint Minor, uint Uid, uint Gid) Look(string path)
    {
        int fd = Os.Open(path, O.PATH | O.NOFOLLOW);
        Statx stat;
        Os.Check(Sys.Stat(fd, &stat));
        Os.Close(fd);
        return (stat.stx_mode, stat.stx_rdev_major, stat.stx_rdev_minor, stat.stx_uid, stat.stx_gid);
    }
}
