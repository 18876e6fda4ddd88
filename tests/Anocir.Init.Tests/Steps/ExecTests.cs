using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using Anocir.Plan;
using Xunit;

namespace Anocir.Init.Tests;

/// <summary>FindProgram, Exec, ExecController.</summary>
public class ExecTests : StepTest
{
    [Fact]
    public void TheFirstUsableCandidateIsExecuted()
    {
        (int read, int write) = Os.Pipe();
        TestPlan plan = new TestPlan()
            .Add(StepKind.FindProgram, new[] { "/nowhere/sh", "/etc", "/etc/passwd", "/bin/sh" })
            .Add(StepKind.Exec, new[] { "argv0", "-c", "echo $0 $A; grep -E '^Sig(Ign|Blk|Cgt)' /proc/self/status" }, new[] { "A=b", "PATH=/usr/bin:/bin" });
        using InitProcess init = InitProcess.Start(plan, true, (write, 1));
        Os.Close(write);
        Assert.Equal(0, init.WaitExit());
        string output = Encoding.UTF8.GetString(Os.Read(read));
        Assert.StartsWith("argv0 b\n", output, StringComparison.Ordinal);
        Assert.Contains("SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000", output, StringComparison.Ordinal);
        Os.Close(read);
    }

    [Theory]
    [InlineData(new[] { "/nowhere", "/etc/passwd/x" }, Errno.ENOENT, 0)]
    [InlineData(new[] { "/nowhere", "/etc/passwd", "/etc" }, Errno.EACCES, 1)]
    [InlineData(new[] { "/nowhere", "/etc", "/etc/passwd" }, Errno.EISDIR, 1)]
    [InlineData(new[] { "/dev/null" }, Errno.EACCES, 0)]
    public void TheFirstRealObstacleIsReported(string[] candidates, int errno, long detail) =>
        Fails(new TestPlan().Add(StepKind.FindProgram, candidates), errno, detail);

    [Fact]
    public void ExecutePermissionIsTheUsers()
    {
        using var temp = new TempDirectory();
        File.SetUnixFileMode(temp.Path, (UnixFileMode)0x1FF);
        temp.AddFile("program");
        File.SetUnixFileMode(temp["program"], UnixFileMode.UserExecute | UnixFileMode.UserRead);
        using (Wait(new TestPlan().Add(StepKind.FindProgram, new[] { temp["program"] })))
        {
        }

        Fails(new TestPlan().Add(StepKind.SetIds, y: 1, z: 1).Add(StepKind.FindProgram, new[] { temp["program"] }), Errno.EACCES);
    }

    [Fact]
    public void ExecFailuresNameTheCandidate()
    {
        const int ENOEXEC = 8;
        using var temp = new TempDirectory();
        temp.AddFile("garbage", "\u007fELF");
        File.SetUnixFileMode(temp["garbage"], UnixFileMode.UserExecute);
        TestPlan plan = new TestPlan().Add(StepKind.FindProgram, new[] { "/nowhere", temp["garbage"] })
            .Add(StepKind.Exec, new[] { "x" }, Array.Empty<string>());
        Fails(plan, ENOEXEC, detail: 1);
        Fails(new TestPlan().Add(StepKind.Exec, new[] { "x" }, Array.Empty<string>()), Errno.EINVAL);
    }

    [Fact]
    public void TheControllerComesBackWithAnEmptyMask()
    {
        (int read, int write) = Os.Pipe();
        var plan = new TestPlan();
        short shell = plan.Slot(Os.Open("/bin/sh", O.RDONLY));
        string room = new(' ', 4200);
        plan.Add(
            StepKind.ExecController,
            new[] { "back", "-c", "echo \"[$0][$1][$2]\"; grep SigBlk /proc/self/status", "name", room, room },
            new[] { "PATH=/usr/bin:/bin" },
            a: shell,
            x: 4,
            y: 5);
        using InitProcess init = InitProcess.Start(plan, false, (write, 1));
        Os.Close(write);
        Assert.Equal(0, init.WaitExit());
        Assert.Equal("[name][][]\nSigBlk:\t0000000000000000\n", Encoding.UTF8.GetString(Os.Read(read)));
        Os.Close(read);
        Fails(new TestPlan().Add(StepKind.ExecController, new[] { "a" }, Array.Empty<string>(), a: Slots.Root), 9);
    }
}
