using System;
using System.Diagnostics;
using System.IO;
using Anocir.Runtime.Lifecycle;
using Anocir.Runtime.Logging;
using Anocir.Runtime.State;
using Anocir.Runtime.Tests.State;
using Xunit;

namespace Anocir.Runtime.Tests.Lifecycle;

/// <summary>Directories with the files of a cgroup stand in for one: what is read and written is the same.</summary>
public sealed class CgroupSignalTests : IDisposable
{
    private readonly TemporaryDirectory _temporary = new();
    private readonly Process _inside = Process.Start("sleep", "1000");
    private readonly Process _below = Process.Start("sleep", "1000");

    public CgroupSignalTests()
    {
        Directory.CreateDirectory(_temporary["sub"]);
        File.WriteAllText(_temporary["cgroup.procs"], _inside.Id + "\n");
        File.WriteAllText(_temporary["sub/cgroup.procs"], _below.Id + "\n");
    }

    public void Dispose()
    {
        foreach (Process process in new[] { _inside, _below })
        {
            process.Kill();
            process.Dispose();
        }

        _temporary.Dispose();
    }

    [Fact]
    public void OnV1EveryProcessIsKilledAndTheCgroupThawed()
    {
        File.WriteAllText(_temporary["freezer.state"], "THAWED\n");
        Assert.True(Send(1, SignalName.Kill));
        Assert.Equal((137, 137), (ExitCode(_inside), ExitCode(_below)));
        Assert.StartsWith("THAWED", File.ReadAllText(_temporary["freezer.state"]));
    }

    [Fact]
    public void APausedContainerStaysPausedUnlessKilled()
    {
        File.WriteAllText(_temporary["freezer.state"], "FROZEN\n");
        Assert.True(Send(1, SignalName.Term));
        Assert.Equal(143, ExitCode(_inside));
        Assert.StartsWith("FROZEN", File.ReadAllText(_temporary["freezer.state"]));
    }

    [Fact]
    public void OnV2TheKernelKills()
    {
        File.WriteAllText(_temporary["cgroup.kill"], "");
        Assert.True(Send(2, SignalName.Kill));
        Assert.Equal("1", File.ReadAllText(_temporary["cgroup.kill"]));
        Assert.False(_inside.HasExited);
    }

    [Fact]
    public void OnV2OtherSignalsGoToEachProcess()
    {
        File.WriteAllText(_temporary["cgroup.kill"], "");
        File.WriteAllText(_temporary["cgroup.freeze"], "0\n");
        Assert.True(Send(2, SignalName.Term));
        Assert.Equal((143, 143), (ExitCode(_inside), ExitCode(_below)));
        Assert.Equal("", File.ReadAllText(_temporary["cgroup.kill"]));
        Assert.StartsWith("0", File.ReadAllText(_temporary["cgroup.freeze"]));
    }

    // cgroup v2 prints 0 for a process of an outer PID namespace; kill(2) takes 0 for the caller's own process group. Signal 0 would do no harm.
    [Fact]
    public void AProcessWithoutANumberHereIsLeftOut()
    {
        File.WriteAllText(_temporary["cgroup.procs"], "0\n0\n");
        File.WriteAllText(_temporary["sub/cgroup.procs"], "0\n");
        Assert.False(Send(2, 0));
    }

    [Fact]
    public void AMissingOrEmptyCgroupHasNobody()
    {
        var missing = new CgroupRecord { Driver = "cgroupfs", Version = 1, Paths = [_temporary["none"]] };
        Assert.False(CgroupSignal.Send(missing, SignalName.Kill, Log()));
        Assert.False(CgroupSignal.Send(new CgroupRecord { Driver = "cgroupfs", Version = 1 }, SignalName.Kill, Log()));
    }

    private static int ExitCode(Process process)
    {
        process.WaitForExit();
        return process.ExitCode;
    }

    private static Logger Log() => new(LogLevel.Error, json: false);

    private bool Send(int version, int signal) =>
        CgroupSignal.Send(
            new CgroupRecord { Driver = "cgroupfs", Version = version, Paths = [_temporary.Path], Freezer = _temporary.Path }, signal, Log());
}
