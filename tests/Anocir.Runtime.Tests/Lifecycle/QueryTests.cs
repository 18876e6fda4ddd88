using System;
using System.Collections.Generic;
using System.IO;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Lifecycle;
using Anocir.Runtime.Logging;
using Anocir.Runtime.State;
using Anocir.Runtime.Tests.State;
using Xunit;

namespace Anocir.Runtime.Tests.Lifecycle;

public sealed class QueryTests : IDisposable
{
    private readonly TemporaryDirectory _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void StateOfAnUnknownContainer()
    {
        var e = Assert.Throws<ContainerException>(() => StateQuery.Get(Options(), ContainerId.Parse("x")));
        Assert.Equal("container does not exist", e.Message);
        Assert.True(e.IsNotFound);
    }

    [Fact]
    public void AStoppedContainerHasNoPid()
    {
        Save(Stopped("x"));
        ContainerSnapshot snapshot = StateQuery.Get(Options(), ContainerId.Parse("x"));
        Assert.Equal(ContainerStatus.Stopped, snapshot.Status);
        Assert.Equal(0, snapshot.Pid);
    }

    [Fact]
    public void AMissingRootIsAnErrorOnlyIfAskedFor()
    {
        Assert.Empty(ListQuery.All(Options()));
        var e = Assert.Throws<ContainerException>(() => ListQuery.All(Options(isExplicit: true)));
        Assert.Equal($"cannot open the state root '{_temporary["root"]}': no such file or directory (ENOENT)", e.Message);
    }

    [Fact]
    public void ABadContainerCostsAWarningNotTheList()
    {
        Save(Stopped("a"));
        Save(Stopped("c"));
        Directory.CreateDirectory(_temporary["root/b"]);
        List<ContainerSnapshot> found;
        Assert.False(Logger.OpenFile(_temporary["log"], out Fd? file).IsError);
        using (var log = new Logger(LogLevel.Warning, json: false, file))
        {
            found = ListQuery.All(Options(log: log));
            var top = new TopQuery(Options(log: log));
            Assert.Empty(top.Next());
            Assert.Empty(top.Next());
        }

        Assert.Equal(["a", "c"], found.ConvertAll(static c => c.Record.Id));
        string text = File.ReadAllText(_temporary["log"]);
        Assert.Contains("cannot list container 'b': container does not exist: the creation of 'b' was interrupted", text);
        Assert.Equal(2, text.Split("cannot list container 'b'").Length - 1); // top looks again and again and says it once
    }

    [Fact]
    public void SignalsForAStoppedContainer()
    {
        Save(Stopped("x"));
        ContainerId id = ContainerId.Parse("x");
        Assert.Equal("container not running", Assert.Throws<ContainerException>(() => KillOperation.Kill(Options(), id, 0, all: false)).Message);
        KillOperation.Kill(Options(), id, 0, all: true);
        KillOperation.Kill(Options(), id, SignalName.Kill, all: true);
    }

    [Fact]
    public void SignalsReachTheRecordedProcess()
    {
        ContainerRecord record = Records.Small("x", RecordStage.Created);
        record.Pid = Environment.ProcessId;
        Assert.True(ProcessIdentity.TryRead(record.Pid, out ProcessIdentity identity));
        record.PidStartTime = identity.StartTime;
        Save(record);
        KillOperation.Kill(Options(), ContainerId.Parse("x"), 0, all: false);
        record.PidStartTime++;
        Save(record);
        Assert.Throws<ContainerException>(() => KillOperation.Kill(Options(), ContainerId.Parse("x"), 0, all: false));
    }

    private static ContainerRecord Stopped(string id)
    {
        ContainerRecord record = Records.Small(id, RecordStage.Created);
        record.Pid = int.MaxValue;
        return record;
    }

    private void Save(ContainerRecord record)
    {
        using StateStore store = StateStore.OpenOrCreate(Options());
        ContainerId id = ContainerId.Parse(record.Id);
        using ContainerDirectory directory = store.Find(id) ?? store.Reserve(id);
        directory.Save(record);
    }

    private RuntimeOptions Options(bool isExplicit = false, Logger? log = null) =>
        new() { Root = _temporary["root"], RootIsExplicit = isExplicit, Log = log ?? new Logger(LogLevel.Error, json: false) };
}
