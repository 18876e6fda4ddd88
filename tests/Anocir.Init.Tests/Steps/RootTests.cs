using System;
using System.IO;
using System.Linq;
using Anocir.Plan;
using Xunit;

namespace Anocir.Init.Tests;

/// <summary>Steps that change the root and the working directory.</summary>
public class RootTests : StepTest
{
    private const ulong CloneRecursive = 1 | 0x8000;

    [Theory]
    [InlineData(StepKind.PivotRoot, 1)]
    [InlineData(StepKind.MoveRoot, 0)]
    public void TheMountBecomesTheRoot(StepKind kind, int mounts)
    {
        using var temp = new TempDirectory();
        temp.AddDirectory("root/inside");
        TestPlan plan = Mounted(temp["root"]);
        using InitProcess init = Wait(plan.Add(kind, a: Slots.Root));
        Assert.Equal("/", Os.ReadLink($"/proc/{init.Pid}/cwd"));
        Assert.Equal(["inside"], Directory.GetDirectories($"/proc/{init.Pid}/root").Select(Path.GetFileName));
        Assert.Equal(["inside"], Directory.GetDirectories($"/proc/{init.Pid}/cwd").Select(Path.GetFileName));
        string[] lines = init.Proc("mountinfo").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(mounts == 0 || lines.Length == mounts, string.Join('\n', lines));
        Assert.False(Directory.Exists(temp["root/inside/proc"]));
    }

    [Theory]
    [InlineData(StepKind.PivotRoot, 16)] // EBUSY: on the current root's mount
    [InlineData(StepKind.MoveRoot, Errno.EINVAL)]
    public void ADirectoryThatIsNoMountIsRefused(StepKind kind, int errno)
    {
        Fails(Isolated().Add(StepKind.Open, "/etc", a: Slots.Root, x: O.PATH).Add(kind, a: Slots.Root), errno);
    }

    [Fact]
    public void WithoutAMountNamespaceTheRootIsJustChanged()
    {
        using var temp = new TempDirectory();
        temp.AddDirectory("inside");
        TestPlan plan = new TestPlan().Add(StepKind.Open, temp.Path, a: Slots.Root, x: O.PATH).Add(StepKind.ChangeRoot, a: Slots.Root);
        using InitProcess init = Wait(plan);
        Assert.Equal(temp.Path, Os.ReadLink($"/proc/{init.Pid}/root"));
        Assert.Equal(temp.Path, Os.ReadLink($"/proc/{init.Pid}/cwd"));
        plan = new TestPlan().Add(StepKind.Open, "/etc/passwd", a: Slots.Root, x: O.PATH).Add(StepKind.ChangeRoot, a: Slots.Root);
        Fails(plan, Errno.ENOTDIR);
    }

    [Fact]
    public void TheDirectoryIsEntered()
    {
        using var temp = new TempDirectory();
        temp.AddDirectory("root/a/b");
        TestPlan InRoot() => new TestPlan().Add(StepKind.Open, temp["root"], a: Slots.Root, x: O.PATH).Add(StepKind.ChangeRoot, a: Slots.Root);
        Fails(InRoot().Add(StepKind.ChangeDirectory, "/a/c"), Errno.ENOENT);
        using InitProcess init = Wait(InRoot().Add(StepKind.ChangeDirectory, "/a/b"));
        Assert.Equal(temp["root/a/b"], Os.ReadLink($"/proc/{init.Pid}/cwd"));
    }

    [Fact]
    public void ALeakedDirectoryIsNoWorkingDirectory()
    {
        // CVE-2024-21626: cwd "/proc/self/fd/N" with N a directory of the host.
        using var temp = new TempDirectory();
        temp.AddDirectory("root/proc");
        TestPlan plan = Isolated();
        short leaked = plan.Slot(Os.Open("/tmp"));
        short proc = plan.Slot();
        short target = plan.Slot();
        plan.Add(StepKind.Open, temp["root/proc"], a: target, x: O.PATH)
            .Add(StepKind.OpenTree, "/proc", a: proc, x: 1)
            .Add(StepKind.MoveMount, a: proc, b: target)
            .Add(StepKind.Open, temp["root"], a: Slots.Root, x: O.PATH)
            .Add(StepKind.ChangeRoot, a: Slots.Root)
            .Add(StepKind.ChangeDirectory, $"/proc/self/fd/{InitProcess.FirstFd + leaked}");
        Fails(plan, Errno.EXDEV);
    }

    private static TestPlan Mounted(string path)
    {
        TestPlan plan = Isolated();
        short target = plan.Slot();
        return plan.Add(StepKind.OpenTree, path, a: Slots.Root, x: CloneRecursive)
            .Add(StepKind.Open, path, a: target, x: O.PATH)
            .Add(StepKind.MoveMount, a: Slots.Root, b: target);
    }
}
