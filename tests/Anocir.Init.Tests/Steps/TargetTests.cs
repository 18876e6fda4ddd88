using System;
using System.IO;
using System.Linq;
using Anocir.Plan;
using Xunit;

namespace Anocir.Init.Tests;

/// <summary>ResolveTarget against root file systems that want out.</summary>
public class TargetTests : StepTest
{
    private const uint DirectoryMode = 0x1C1; // 0701
    private const uint FileMode = 0x184; // 0604

    [Theory]
    [InlineData("a/b/c", "a/b/c")]
    [InlineData("/a//b/./c/", "a/b/c")]
    [InlineData("../../a", "a")]
    [InlineData("/", "")]
    [InlineData("new/../other", "other")]
    [InlineData("absolute/new", "dir/new")]
    [InlineData("relative/new", "dir/new")]
    [InlineData("dangling", "elsewhere/deep")]
    [InlineData("dangling/more", "elsewhere/deep/more")]
    [InlineData("escape/new", "new")]
    [InlineData("chain/x", "dir/sub/x")]
    [InlineData("dotdot/x", "x")]
    public void DirectoriesAreFoundOrMadeInsideTheRoot(string path, string expected)
    {
        using TempDirectory root = Root();
        using InitProcess init = Wait(Resolve(root, path, StepFlags.CreateDirectory, out _));
        Assert.Equal(Path.Combine(root.Path, expected).TrimEnd('/'), Target(init));
        Assert.True(Directory.Exists(Path.Combine(root.Path, expected)));
    }

    [Theory]
    [InlineData("etc/resolv.conf", "run/systemd/resolv.conf")]
    [InlineData("plain/file", "plain/file")]
    public void FilesAreMadeAlsoThroughDanglingLinks(string path, string expected)
    {
        // Docker and Podman bind /etc/resolv.conf onto images where it is a link to nothing.
        using TempDirectory root = Root();
        root.AddDirectory("etc");
        root.AddLink("etc/resolv.conf", "../run/systemd/resolv.conf");
        using InitProcess init = Wait(Resolve(root, path, StepFlags.CreateFile, out _));
        Assert.Equal(root[expected], Target(init));
        Assert.Equal(0, new FileInfo(root[expected]).Length);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead, File.GetUnixFileMode(root[expected]));
        string directory = Path.GetDirectoryName(root[expected])!;
        UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Assert.Equal(owner | UnixFileMode.OtherExecute, File.GetUnixFileMode(directory));
    }

    [Theory]
    [InlineData("missing", StepFlags.None, Errno.ENOENT)]
    [InlineData("file/below", StepFlags.CreateDirectory, Errno.ENOTDIR)]
    [InlineData("loop", StepFlags.CreateDirectory, Errno.ELOOP)]
    [InlineData("loop/x", StepFlags.CreateDirectory, Errno.ELOOP)]
    [InlineData("absolute/x", StepFlags.CreateDirectory | StepFlags.NoSymlinks, Errno.ELOOP)]
    [InlineData("dangling", StepFlags.CreateDirectory | StepFlags.NoSymlinks, Errno.ELOOP)]
    [InlineData("made/dangling-inside", StepFlags.CreateDirectory | StepFlags.NoSymlinks, Errno.ELOOP)]
    public void Refusals(string path, StepFlags flags, int errno)
    {
        using TempDirectory root = Root();
        Fails(Resolve(root, path, flags, out _, wait: false), errno);
    }

    [Fact]
    public void FortyLinksAreTooManyOneByOneToo()
    {
        // The kernel counts per look-up; the walk has to count over all its look-ups.
        using TempDirectory root = Root();
        for (int i = 0; i < 60; i++)
        {
            root.AddLink($"l{i}", $"l{i + 1}");
        }

        Fails(Resolve(root, "l0", StepFlags.CreateDirectory, out _, wait: false), Errno.ELOOP);
        using InitProcess init = Wait(Resolve(root, "l25", StepFlags.CreateDirectory, out _));
        Assert.Equal(root["l60"], Target(init));
    }

    [Fact]
    public void TheLastLinkIsNotFollowedWhenAsked()
    {
        using TempDirectory root = Root();
        using InitProcess init = Wait(Resolve(root, "dangling", StepFlags.CreateDirectory | StepFlags.NoFollowLast, out _));
        Assert.Equal(root["dangling"], Target(init));
        Assert.False(Directory.Exists(root["elsewhere"]));
    }

    [Fact]
    public void MagicLinksAreRefused()
    {
        var plan = new TestPlan();
        short root = plan.Slot();
        plan.Add(StepKind.Open, "/proc", a: root, x: O.PATH).Add(StepKind.ResolveTarget, "self/root/etc", a: plan.Slot(), b: root);
        Fails(plan, Errno.ELOOP);
    }

    [Fact]
    public void LongPathsAreRefusedNotCut()
    {
        using TempDirectory root = Root();
        string deep = string.Join('/', Enumerable.Repeat(new string('d', 200), 21));
        Fails(Resolve(root, deep, StepFlags.CreateDirectory, out _, wait: false), Errno.ENAMETOOLONG);
        string longest = string.Join('/', Enumerable.Repeat(new string('d', 200), 20));
        root.AddLink("long", longest);
        Fails(Resolve(root, "long/" + longest, StepFlags.CreateDirectory, out _, wait: false), Errno.ENAMETOOLONG);
        using InitProcess init = Wait(Resolve(root, longest, StepFlags.CreateDirectory, out _));
        Assert.True(Directory.Exists(root[longest]));
    }

    [Fact]
    public void NothingOutsideIsMade()
    {
        using var temp = new TempDirectory();
        temp.AddDirectory("root");
        temp.AddLink("root/up", "../../../..//" + temp["outside"]);
        var plan = new TestPlan();
        short root = plan.Slot();
        plan.Add(StepKind.Open, temp["root"], a: root, x: O.PATH)
            .Add(StepKind.ResolveTarget, "up/x", a: plan.Slot(), b: root, x: DirectoryMode, flags: StepFlags.CreateDirectory);
        using InitProcess init = Wait(plan);
        Assert.False(Directory.Exists(temp["outside"]));
        Assert.True(Directory.Exists(temp["root"] + temp["outside"] + "/x"));
    }

    private static TempDirectory Root()
    {
        var root = new TempDirectory();
        root.AddDirectory("dir/sub");
        root.AddDirectory("made");
        root.AddFile("file");
        root.AddLink("absolute", "/dir");
        root.AddLink("relative", "./made/../dir");
        root.AddLink("dangling", "/elsewhere/deep");
        root.AddLink("made/dangling-inside", "nothing");
        root.AddLink("escape", "../../../..");
        root.AddLink("chain", "absolute/sub");
        root.AddLink("dotdot", "dir/sub/../..");
        root.AddLink("loop", "loop");
        return root;
    }

    // Closes the root again, so that the target is the only fd below it.
    private static TestPlan Resolve(TempDirectory directory, string path, StepFlags flags, out short target, bool wait = true)
    {
        var plan = new TestPlan();
        short root = plan.Slot();
        target = plan.Slot();
        plan.Add(StepKind.SetUmask)
            .Add(StepKind.Open, directory.Path, a: root, x: O.PATH)
            .Add(StepKind.ResolveTarget, path, a: target, b: root, x: DirectoryMode, y: (flags & StepFlags.CreateFile) != 0 ? FileMode : 0u, flags: flags);
        return wait ? plan.Add(StepKind.Close, a: root) : plan;
    }

    private static string Target(InitProcess init) => Assert.Single(
        Directory.GetFileSystemEntries($"/proc/{init.Pid}/fd").Select(f => Os.ReadLink(f)),
        l => l.Contains("anocir-init-", StringComparison.Ordinal));
}
