using System;
using System.IO;
using System.Text;
using Anocir.Linux;
using Anocir.Runtime.State;
using Xunit;

namespace Anocir.Runtime.Tests.State;

public sealed class ContainerProcessTests : IDisposable
{
    private readonly TemporaryDirectory _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Theory]
    [InlineData("7 (a) S 1", 18, "5", 'S', 5UL, false)]
    [InlineData("7 (a) b) R 1", 18, "18446744073709551615", 'R', ulong.MaxValue, false)]
    [InlineData("7 (anocir:init) Z 1", 18, "77\n", 'Z', 77UL, true)]
    [InlineData("7 () x 1", 18, "0 1 2", 'x', 0UL, false)]
    public void ParsesStat(string start, int fields, string startTime, char state, ulong expected, bool hasInitName)
    {
        var line = new StringBuilder(start);
        for (int i = 1; i < fields; i++)
        {
            line.Append(" -").Append(i);
        }

        line.Append(' ').Append(startTime);
        Assert.True(ProcessIdentity.TryParse(Encoding.ASCII.GetBytes(line.ToString()), out ProcessIdentity identity));
        Assert.Equal(state, identity.State);
        Assert.Equal(expected, identity.StartTime);
        Assert.Equal(hasInitName, identity.HasInitName);
        Assert.Equal(state is not ('Z' or 'x'), identity.IsLive(expected));
        Assert.False(identity.IsLive(expected + 1));
    }

    [Theory]
    [InlineData("")]
    [InlineData("7 (a")]
    [InlineData("7 (a)")]
    [InlineData("7 a) (")]
    [InlineData("7 (a) S 1 2 3")]
    [InlineData("7 (a) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 x")]
    public void RefusesOtherText(string line) => Assert.False(ProcessIdentity.TryParse(Encoding.ASCII.GetBytes(line), out _));

    [Fact]
    public void ALiveProcessOfTheRightStartTimeRuns()
    {
        ContainerRecord record = OwnProcess();
        Assert.Equal(ContainerStatus.Running, ContainerProcess.Evaluate(record));
        using Fd? pidfd = ContainerProcess.OpenLivePidfd(record);
        Assert.NotNull(pidfd);
    }

    [Fact]
    public void AnotherProcessOfThatPidIsNotTheContainer()
    {
        ContainerRecord record = OwnProcess();
        record.PidStartTime++;
        Assert.Equal(ContainerStatus.Stopped, ContainerProcess.Evaluate(record));
        Assert.Null(ContainerProcess.OpenLivePidfd(record));
    }

    [Fact]
    public void AMissingProcessIsStopped()
    {
        ContainerRecord record = OwnProcess();
        record.Pid = int.MaxValue;
        Assert.Equal(ContainerStatus.Stopped, ContainerProcess.Evaluate(record));
        Assert.Null(ContainerProcess.OpenLivePidfd(record));
        record.Pid = 0;
        Assert.Equal(ContainerStatus.Stopped, ContainerProcess.Evaluate(record));
        Assert.Null(ContainerProcess.OpenLivePidfd(record));
    }

    [Fact]
    public void WaitingMeansExecutingTheInitImage()
    {
        ContainerRecord record = OwnProcess();
        Assert.False(Sys.Statx(At.FDCWD, "/proc/self/exe", 0, out Statx image).IsError);
        record.InitDevice = ContainerProcess.Device(image);
        record.InitInode = image.Ino;
        Assert.Equal(ContainerStatus.Created, ContainerProcess.Evaluate(record));
    }

    [Fact]
    public void CreatingLastsAsLongAsTheCreator()
    {
        ContainerRecord record = OwnProcess();
        record.Stage = RecordStage.Creating;
        Assert.Equal(ContainerStatus.Stopped, ContainerProcess.Evaluate(record));
        record.CreatorPid = record.Pid;
        record.CreatorStartTime = record.PidStartTime;
        Assert.Equal(ContainerStatus.Creating, ContainerProcess.Evaluate(record));
        record.CreatorStartTime++;
        Assert.Equal(ContainerStatus.Stopped, ContainerProcess.Evaluate(record));
    }

    [Theory]
    [InlineData(1, "freezer.state", "FROZEN\n", true)]
    [InlineData(1, "freezer.state", "FREEZING\n", true)]
    [InlineData(1, "freezer.state", "THAWED\n", false)]
    [InlineData(2, "cgroup.freeze", "1\n", true)]
    [InlineData(2, "cgroup.freeze", "0\n", false)]
    [InlineData(2, "other", "1\n", false)]
    public void PausedMeansFrozen(int version, string file, string content, bool isPaused)
    {
        File.WriteAllText(_temporary[file], content);
        ContainerRecord record = OwnProcess();
        record.Cgroup = new CgroupRecord { Driver = "cgroupfs", Version = version, Freezer = _temporary.Path };
        Assert.Equal(isPaused ? ContainerStatus.Paused : ContainerStatus.Running, ContainerProcess.Evaluate(record));
    }

    private static ContainerRecord OwnProcess()
    {
        ContainerRecord record = Records.Small("x", RecordStage.Created);
        record.Pid = Environment.ProcessId;
        Assert.True(ProcessIdentity.TryRead(record.Pid, out ProcessIdentity identity));
        record.PidStartTime = identity.StartTime;
        return record;
    }
}
