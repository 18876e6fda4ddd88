using System;
using System.IO;
using System.Linq;
using System.Text;
using Anocir.Plan;
using Xunit;

namespace Anocir.Init.Tests;

/// <summary>Steps on files and fds.</summary>
public class FdTests : StepTest
{
    private const ulong Ignore = ulong.MaxValue;
    private const int EBADF = 9;

    [Fact]
    public void OpenFillsTheSlotAndClosesWhatWasThere()
    {
        using var temp = new TempDirectory();
        temp.AddFile("one");
        temp.AddFile("two");
        var plan = new TestPlan();
        short directory = plan.Slot();
        short file = plan.Slot();
        plan.Add(StepKind.Open, temp.Path, a: directory, x: O.PATH | O.DIRECTORY)
            .Add(StepKind.Open, "one", a: file, b: directory, y: Resolve.BENEATH)
            .Add(StepKind.Open, "two", a: file, b: directory, y: Resolve.BENEATH);
        using InitProcess init = Wait(plan);
        string[] open = OpenFiles(init);
        Assert.Contains(temp["two"], open);
        Assert.DoesNotContain(temp["one"], open);
        string fd = Directory.GetFileSystemEntries($"/proc/{init.Pid}/fd").Single(f => Os.ReadLink(f) == temp["two"]);
        Assert.Contains("02", init.Proc($"fdinfo/{Path.GetFileName(fd)}"), StringComparison.Ordinal); // O_CLOEXEC is 02000000
    }

    [Theory]
    [InlineData(0u, false)]
    [InlineData(3u, false)]
    [InlineData(1000u, true)]
    public void WhatWasInASlotStaysOpenBelowTheKeptNumber(uint kept, bool stays)
    {
        using var temp = new TempDirectory();
        temp.AddFile("one");
        temp.AddFile("two");
        temp.AddFile("three");
        var plan = new TestPlan { KeptDescriptors = kept };
        short file = plan.Slot();
        short other = plan.Slot();
        plan.Add(StepKind.Open, temp["one"], a: file)
            .Add(StepKind.Open, temp["two"], a: file)
            .Add(StepKind.Open, temp["three"], a: other)
            .Add(StepKind.Close, a: other);
        using InitProcess init = Wait(plan);
        string[] open = OpenFiles(init);
        Assert.Equal(stays, open.Contains(temp["one"]));
        Assert.Contains(temp["two"], open);
        Assert.DoesNotContain(temp["three"], open); // a step that says close means it
    }

    [Fact]
    public void OpenHonoursResolveFlags()
    {
        using var temp = new TempDirectory();
        temp.AddLink("link", "/etc/passwd");
        var plan = new TestPlan();
        short directory = plan.Slot();
        plan.Add(StepKind.Open, temp.Path, a: directory, x: O.PATH)
            .Add(StepKind.Open, "link", a: plan.Slot(), b: directory, y: Resolve.BENEATH);
        Fails(plan, Errno.EXDEV);
    }

    [Fact]
    public void CloseAndCloseRange()
    {
        using var temp = new TempDirectory();
        var plan = new TestPlan();
        short a = plan.Slot();
        plan.Add(StepKind.Open, temp.AddFile("a"), a: a).Add(StepKind.Open, temp.AddFile("b"), a: plan.Slot())
            .Add(StepKind.Close, a: a).Add(StepKind.Close, a: a);
        using (InitProcess init = Wait(plan))
        {
            Assert.DoesNotContain(temp["a"], OpenFiles(init));
            Assert.Contains(temp["b"], OpenFiles(init));
        }

        plan = new TestPlan().Add(StepKind.CloseRange, x: 3, y: InitProcess.FirstFd - 1).Add(StepKind.CloseRange, x: InitProcess.FirstFd + 1, y: uint.MaxValue);
        using InitProcess few = Wait(plan);
        Assert.Equal(4, OpenFiles(few).Length);
        Fails(new TestPlan().Add(StepKind.CloseRange, x: 5, y: 4), Errno.EINVAL);
    }

    [Fact]
    public void InitHoldsNothingButItsSlotsAndStdio()
    {
        // Whoever runs the tests may leave fds to them, and so to init; nothing but the socket is in the range of its own.
        using InitProcess init = Wait(new TestPlan());
        Assert.DoesNotContain(OpenFiles(init), f => f.Contains("memfd:test", StringComparison.Ordinal));
        string[] own = [.. Directory.GetFileSystemEntries($"/proc/{init.Pid}/fd").Select(f => Path.GetFileName(f)).Where(f => int.Parse(f) >= InitProcess.FirstFd - 1)];
        Assert.Equal([InitProcess.FirstFd.ToString()], own);
    }

    [Fact]
    public void WriteFileWritesOnce()
    {
        using InitProcess init = Wait(new TestPlan().Add(StepKind.WriteFile, "/proc/self/oom_score_adj", "321"u8.ToArray(), x: O.WRONLY));
        Assert.Equal("321\n", init.Proc("oom_score_adj"));
        Fails(new TestPlan().Add(StepKind.WriteFile, "/proc/self/oom_score_adj", "x"u8.ToArray(), x: O.WRONLY), Errno.EINVAL);
        Fails(new TestPlan().Add(StepKind.WriteFile, "/proc/self/nothing", "x"u8.ToArray(), x: O.WRONLY), Errno.ENOENT);
    }

    [Theory]
    [InlineData("/dev/null", S.IFCHR, 0x100000003, 0L, 0)]
    [InlineData("/dev/null", S.IFCHR, 0x100000005, 0L, Errno.ENODEV)]
    [InlineData("/dev/null", S.IFDIR, -1L, 0L, Errno.ENOTDIR)]
    [InlineData("/proc", S.IFREG, -1L, 0L, Errno.EISDIR)]
    [InlineData("/dev/null", S.IFREG, -1L, 0L, Errno.EINVAL)]
    [InlineData("/proc", S.IFDIR, -1L, 0x9FA0L, 0)]
    [InlineData("/proc", S.IFDIR, -1L, 0x62656572L, Errno.EXDEV)]
    public void VerifyFileChecksTypeDeviceAndFileSystem(string path, uint type, long device, long fileSystem, int errno)
    {
        var plan = new TestPlan();
        short file = plan.Slot();
        plan.Add(StepKind.Open, path, a: file, x: O.PATH)
            .Add(StepKind.VerifyFile, a: file, x: type, y: (ulong)device, z: (ulong)fileSystem);
        if (errno != 0)
        {
            Fails(plan, errno);
            return;
        }

        using InitProcess init = Wait(plan);
    }

    [Fact]
    public void VerifyFileTellsWhatItFound()
    {
        var plan = new TestPlan();
        short file = plan.Slot();
        plan.Add(StepKind.Open, "/dev/zero", a: file, x: O.PATH).Add(StepKind.VerifyFile, a: file, x: S.IFCHR, y: 0x100000003);
        Fails(plan, Errno.ENODEV, 0x100000005);
        Fails(new TestPlan().Add(StepKind.VerifyFile, a: Slots.Root, x: S.IFCHR, y: Ignore), 9);
    }

    [Fact]
    public void RemoveUnlinksFilesAndDirectories()
    {
        const ulong RemoveDirectory = 0x200;
        using var temp = new TempDirectory();
        using InitProcess init = Wait(new TestPlan()
            .Add(StepKind.Remove, temp.AddFile("file")).Add(StepKind.Remove, temp.AddDirectory("directory"), x: RemoveDirectory));
        Assert.Empty(Directory.GetFileSystemEntries(temp.Path));
        Fails(new TestPlan().Add(StepKind.Remove, temp["file"]), Errno.ENOENT);
        Fails(new TestPlan().Add(StepKind.Remove, temp.Path), Errno.EISDIR);
    }

    [Fact]
    public void DuplicateReplacesAStandardStream()
    {
        var plan = new TestPlan();
        short file = plan.Slot();
        plan.Add(StepKind.Open, "/dev/zero", a: file, x: O.RDWR).Add(StepKind.Duplicate, a: file, x: 1).Add(StepKind.Close, a: file);
        using InitProcess init = Wait(plan);
        Assert.Equal("/dev/zero", Os.ReadLink($"/proc/{init.Pid}/fd/1"));
        Assert.NotEqual("/dev/zero", Os.ReadLink($"/proc/{init.Pid}/fd/0"));
        Assert.Single(OpenFiles(init), "/dev/zero");
        Fails(new TestPlan().Add(StepKind.Duplicate, a: Slots.Root, x: 0), EBADF);
    }

    private static string[] OpenFiles(InitProcess init) =>
        [.. Directory.GetFileSystemEntries($"/proc/{init.Pid}/fd").Select(f => Os.ReadLink(f))];

    [Fact]
    public unsafe void AnAttributeIsSetOnAnOpenFile()
    {
        using var directory = new TempDirectory();
        var plan = new TestPlan();
        short slot = plan.Slot();
        plan.Add(StepKind.Open, directory.Path, a: slot, x: O.DIRECTORY).Add(StepKind.SetAttribute, "trusted.anocir", "abc"u8.ToArray(), a: slot);
        using (Wait(plan))
        {
        }

        int fd = Os.Open(directory.Path, O.DIRECTORY);
        byte* value = stackalloc byte[8];
        fixed (byte* name = "trusted.anocir"u8)
        {
            Assert.Equal(3, (int)Native.Syscall(Nr.fgetxattr, fd, (nint)name, (nint)value, 8));
        }

        Os.Close(fd);
        Assert.Equal("abc"u8, new ReadOnlySpan<byte>(value, 3));
        Fails(new TestPlan().Add(StepKind.SetAttribute, "trusted.anocir", "abc"u8.ToArray(), a: Slots.Root), EBADF);
    }
}
