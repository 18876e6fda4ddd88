using System;
using System.IO;
using System.Linq;
using System.Text;
using Anocir.Plan;
using Xunit;

namespace Anocir.Init.Tests;

/// <summary>Steps of the mount API and mount(2), in a mount namespace that dies with the test.</summary>
public class MountTests : StepTest
{
    private const ulong SetString = 1;
    private const ulong Create = 6;
    private const ulong AttrReadOnly = 1;
    private const ulong AttrNoSuid = 2;
    private const ulong CloneTree = 1;
    private const ulong Recursive = 0x8000;

    [Fact]
    public void PropagationIsChanged()
    {
        using InitProcess init = Wait(new TestPlan().Add(StepKind.Unshare, x: NewNs).Add(StepKind.SetPropagation, "/", x: 0x4000 | 0x40000));
        Assert.All(init.Proc("mountinfo").Split('\n', StringSplitOptions.RemoveEmptyEntries), l => Assert.DoesNotContain(" shared:", l, StringComparison.Ordinal));
        Fails(Isolated().Add(StepKind.SetPropagation, "/nowhere", x: 0x40000), Errno.ENOENT);
    }

    [Fact]
    public void ATmpfsIsConfiguredMountedAndMoved()
    {
        using var temp = new TempDirectory();
        File.SetUnixFileMode(temp.AddDirectory("target"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.StickyBit);
        TestPlan plan = Isolated();
        AddTmpfs(plan, temp["target"], withMode: true);
        using InitProcess init = Wait(plan);
        string mount = Assert.Single(MountsOn(init, temp["target"]));
        Assert.Contains("ro,nosuid", mount, StringComparison.Ordinal);
        Assert.Contains("tmpfs none rw,size=64k,mode=1700", mount, StringComparison.Ordinal);
    }

    [Fact]
    public void FileSystemContextsTellWhatIsWrong()
    {
        TestPlan plan = Isolated();
        short context = plan.Slot();
        plan.Add(StepKind.FsOpen, "tmpfs", a: context).Add(StepKind.FsConfig, "size", "many", a: context, x: SetString);
        (_, string text) = Fails(plan, Errno.EINVAL);
        Assert.Equal("tmpfs: Bad value for 'size'", text);
        plan = Isolated();
        context = plan.Slot();
        plan.Add(StepKind.FsOpen, "tmpfs", a: context).Add(StepKind.FsConfig, "nonsense", a: context, x: 0);
        (_, text) = Fails(plan, Errno.EINVAL);
        Assert.Equal("tmpfs: Unknown parameter 'nonsense'", text);
    }

    [Fact]
    public void ContextFailures()
    {
        const int EBUSY = 16;
        Fails(new TestPlan().Add(StepKind.FsOpen, "nofs", a: Slots.Root), Errno.ENODEV);
        Fails(new TestPlan().Add(StepKind.FsConfigMode, a: Slots.Root, b: Slots.Root), 9);
        TestPlan plan = Isolated();
        short context = plan.Slot();
        Fails(plan.Add(StepKind.FsOpen, "tmpfs", a: context).Add(StepKind.FsMount, a: context, b: plan.Slot()), Errno.EINVAL);
        plan = Isolated();
        context = plan.Slot();
        plan.Add(StepKind.FsOpen, "tmpfs", a: context).Add(StepKind.FsConfig, a: context, x: Create);
        Fails(plan.Add(StepKind.FsConfig, a: context, x: Create), EBUSY);
    }

    [Fact]
    public void TreesAreClonedAndChanged()
    {
        using var temp = new TempDirectory();
        temp.AddDirectory("source/inner");
        temp.AddDirectory("target");
        TestPlan plan = Isolated();
        AddTmpfs(plan, temp["source/inner"]);
        short tree = plan.Slot();
        short target = plan.Slot();
        plan.Add(StepKind.MountOnFd, temp["source"], null, null, b: OpenPath(plan, temp["source"]), x: 0x1000) // MS_BIND
            .Add(StepKind.OpenTree, temp["source"], a: tree, x: CloneTree | Recursive)
            .Add(StepKind.MountSetattr, a: tree, x: AttrReadOnly, z: 0x40000, flags: StepFlags.Recursive)
            .Add(StepKind.Open, temp["target"], a: target, x: O.PATH)
            .Add(StepKind.MoveMount, a: tree, b: target);
        using InitProcess init = Wait(plan);
        Assert.Contains(" ro,", Assert.Single(MountsOn(init, temp["target"])), StringComparison.Ordinal);
    }

    [Fact]
    public void RecursiveAttributesReachInnerMounts()
    {
        using var temp = new TempDirectory();
        temp.AddDirectory("source/inner");
        temp.AddDirectory("target");
        foreach (bool recursive in new[] { true, false })
        {
            TestPlan plan = Isolated();
            AddTmpfs(plan, temp["source"]);
            short tree = plan.Slot();
            plan.Add(StepKind.OpenTree, "/", a: tree, x: CloneTree | Recursive)
                .Add(StepKind.MountSetattr, a: tree, x: AttrNoSuid, flags: recursive ? StepFlags.Recursive : 0)
                .Add(StepKind.MoveMount, a: tree, b: OpenPath(plan, temp["target"]));
            using InitProcess init = Wait(plan);
            Assert.Contains("nosuid", Assert.Single(MountsOn(init, temp["target"])), StringComparison.Ordinal);
            string proc = Assert.Single(MountsOn(init, temp["target"] + temp["source"]));
            Assert.Contains("nosuid", proc, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AMountIsAttachedByNameAndNotThroughALink()
    {
        using var temp = new TempDirectory();
        temp.AddDirectory("source");
        temp.AddDirectory("place/here");
        temp.AddLink("place/link", "here");
        TestPlan plan = Isolated();
        short tree = plan.Slot();
        plan.Add(StepKind.OpenTree, temp["source"], a: tree, x: CloneTree | Recursive)
            .Add(StepKind.MoveMount, "here", a: tree, b: OpenPath(plan, temp["place"]));
        using (InitProcess init = Wait(plan))
        {
            Assert.Single(MountsOn(init, temp["place/here"]));
        }

        plan = Isolated();
        tree = plan.Slot();
        plan.Add(StepKind.OpenTree, temp["source"], a: tree, x: CloneTree | Recursive);
        Fails(plan.Add(StepKind.MoveMount, "link", a: tree, b: OpenPath(plan, temp["place"])), Errno.EINVAL); // a directory on a symlink
    }

    [Fact]
    public void TreeFailures()
    {
        using var temp = new TempDirectory(); // /tmp may be a mount
        TestPlan plan = Isolated();
        Fails(plan.Add(StepKind.OpenTree, "/nowhere", a: plan.Slot(), x: CloneTree), Errno.ENOENT);
        plan = Isolated();
        short directory = OpenPath(plan, temp.Path);
        Fails(plan.Add(StepKind.MountSetattr, a: directory, x: AttrReadOnly), Errno.EINVAL);
        plan = Isolated();
        short tree = plan.Slot();
        plan.Add(StepKind.OpenTree, "/etc/passwd", a: tree, x: CloneTree);
        Fails(plan.Add(StepKind.MoveMount, a: tree, b: OpenPath(plan, temp.Path)), Errno.EINVAL); // a file on a directory
        plan = Isolated();
        Fails(plan.Add(StepKind.MountOnFd, "none", "nofs", "data", b: OpenPath(plan, temp.Path)), Errno.ENODEV);
    }

    [Fact]
    public void MountOnFdPassesTypeAndData()
    {
        using var temp = new TempDirectory();
        TestPlan plan = Isolated();
        plan.Add(StepKind.MountOnFd, "named", "tmpfs", "size=128k", b: OpenPath(plan, temp.AddDirectory("target")), x: 4); // MS_NODEV
        using InitProcess init = Wait(plan);
        string mount = Assert.Single(MountsOn(init, temp["target"]));
        Assert.Contains("nodev", mount, StringComparison.Ordinal);
        Assert.Contains("tmpfs named rw,size=128k", mount, StringComparison.Ordinal);
    }

    private static short OpenPath(TestPlan plan, string path)
    {
        short slot = plan.Slot();
        plan.Add(StepKind.Open, path, a: slot, x: O.PATH);
        return slot;
    }

    private static void AddTmpfs(TestPlan plan, string target, bool withMode = false)
    {
        short context = plan.Slot();
        short mount = plan.Slot();
        short directory = OpenPath(plan, target);
        plan.Add(StepKind.FsOpen, "tmpfs", a: context).Add(StepKind.FsConfig, "size", "64k", a: context, x: SetString);
        if (withMode)
        {
            plan.Add(StepKind.FsConfigMode, a: context, b: directory);
        }

        plan.Add(StepKind.FsConfig, a: context, x: Create)
            .Add(StepKind.FsMount, a: context, b: mount, x: AttrNoSuid)
            .Add(StepKind.MountSetattr, a: mount, x: withMode ? AttrReadOnly : 0)
            .Add(StepKind.MoveMount, a: mount, b: directory);
    }
}
