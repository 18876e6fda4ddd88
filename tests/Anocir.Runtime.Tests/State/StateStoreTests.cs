using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Lifecycle;
using Anocir.Runtime.Logging;
using Anocir.Runtime.State;
using Xunit;

namespace Anocir.Runtime.Tests.State;

public sealed class StateStoreTests : IDisposable
{
    private readonly TemporaryDirectory _temporary = new();

    private string Root => _temporary["a/b/root"];

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void MakesTheRootForItsOwnerOnly()
    {
        Create().Dispose();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Root));
    }

    [Fact]
    public void MakesARootInTheRuntimeDirSticky()
    {
        StateStore.OpenOrCreate(Options(inRuntimeDir: true)).Dispose();
        Assert.True(File.GetUnixFileMode(Root).HasFlag(UnixFileMode.StickyBit));
    }

    [Fact]
    public void AMissingRootIsEmpty()
    {
        using StateStore store = StateStore.Open(Root);
        Assert.False(store.Exists);
        Assert.Empty(store.List());
        Assert.Null(store.Find(Id("x")));
        Assert.True(Assert.Throws<ContainerException>(() => store.Get(Id("x"))).IsNotFound);
    }

    [Fact]
    public void ARootThatIsAFileIsNamed()
    {
        File.WriteAllText(_temporary["file"], "");
        var e = Assert.Throws<ContainerException>(() => StateStore.Open(_temporary["file"]));
        Assert.Equal($"cannot open the state root '{_temporary["file"]}': not a directory (ENOTDIR)", e.Message);
    }

    [Fact]
    public void ANameIsTakenOnce()
    {
        using StateStore store = Create();
        using ContainerDirectory directory = store.Reserve(Id("x"));
        Assert.Equal(Root + "/x", directory.Path);
        var e = Assert.Throws<ContainerException>(() => store.Reserve(Id("x")));
        Assert.Equal("container with given ID already exists", e.Message);
        Assert.False(e.IsNotFound);
    }

    [Fact]
    public void OneHolderOfTheLock()
    {
        using StateStore store = Create();
        ContainerDirectory first = store.Reserve(Id("x"));
        using ContainerDirectory second = store.Get(Id("x"));
        Assert.False(second.TryLock());
        first.Dispose();
        Assert.True(second.TryLock());
    }

    [Fact]
    public void WhoeverWaitedForARemovedContainerIsTold()
    {
        using StateStore store = Create();
        using ContainerDirectory waiter = Reserved(store, "x");
        using (ContainerDirectory remover = store.Get(Id("x")))
        {
            Assert.True(remover.TryLock());
            remover.Remove();
        }

        Assert.Equal("container does not exist", Assert.Throws<ContainerException>(waiter.Claim).Message);
        Assert.True(Assert.Throws<ContainerException>(() => waiter.TryLock()).IsNotFound);
        Assert.Empty(store.List());
    }

    // Between the mkdir(2) and the open(2) of one creator a forced delete may remove its empty directory and another creator make it anew:
    // both hold the same directory then, and the one that gets the lock second must not think it is its own.
    [Fact]
    public void OfTwoCreatorsThatHoldOneDirectoryTheFirstOwnsIt()
    {
        using StateStore store = Create();
        using ContainerDirectory late = Reserved(store, "x");
        using (ContainerDirectory early = store.Get(Id("x")))
        {
            early.Claim();
            early.Save(Records.Small("x"));
        }

        var e = Assert.Throws<ContainerException>(late.Claim);
        Assert.Equal("container with given ID already exists", e.Message);
        Assert.Equal(RecordStage.Creating, late.Load().Stage);
    }

    [Fact]
    public void KilledBeforeTheFirstRecord()
    {
        using StateStore store = Create();
        Reserved(store, "x").Dispose();
        Assert.Equal("x", Assert.Single(store.List()).Value);
        using ContainerDirectory directory = store.Get(Id("x"));
        Assert.Null(directory.TryLoad());
        Assert.Equal(
            "container does not exist: the creation of 'x' was interrupted; hint: remove what is left with 'anocir delete --force x'",
            Assert.Throws<ContainerException>(directory.Load).Message);
        Assert.True(directory.TryLock());
        directory.Remove();
        Assert.Null(store.Find(Id("x")));
    }

    // list and state take no lock: what they find without a record was not interrupted when somebody is at work on it, or has just removed it.
    [Fact]
    public void WithoutARecordWhileAnotherCommandWorks()
    {
        using StateStore store = Create();
        using ContainerDirectory reader = Reserved(store, "x");
        using (ContainerDirectory creator = store.Get(Id("x")))
        {
            Assert.True(creator.TryLock());
            ContainerException busy = Assert.Throws<ContainerException>(reader.Load);
            Assert.Equal(("container does not exist", true), (busy.Message, busy.IsNotFound));
        }

        using ContainerDirectory other = store.Get(Id("x"));
        Assert.False(Assert.Throws<ContainerException>(other.Load).IsNotFound);
        Assert.Contains("was interrupted", Assert.Throws<ContainerException>(reader.Load).Message, StringComparison.Ordinal); // another reader is no creator

        Directory.Delete(Root + "/x");
        Assert.True(Assert.Throws<ContainerException>(reader.Load).IsNotFound);
    }

    [Fact]
    public void KilledWhileReplacingTheRecord()
    {
        using StateStore store = Create();
        using ContainerDirectory directory = store.Reserve(Id("x"));
        directory.Save(Records.Small("x"));
        File.WriteAllText(Root + "/x/.state.json.new", "{\"version\":1,\"id\":");
        Assert.Equal(RecordStage.Creating, directory.Load().Stage);

        directory.Save(Records.Small("x", RecordStage.Created));
        Assert.Equal(RecordStage.Created, directory.Load().Stage);
        Assert.Equal(["state.json"], Names(Root + "/x"));
    }

    [Fact]
    public void ARecordThatCannotBeWrittenLeavesTheOldOne()
    {
        using StateStore store = Create();
        using ContainerDirectory directory = store.Reserve(Id("x"));
        directory.Save(Records.Small("x"));
        Directory.CreateDirectory(Root + "/x/.state.json.new");
        var e = Assert.Throws<ContainerException>(() => directory.Save(Records.Small("x", RecordStage.Created)));
        Assert.Equal($"cannot write '{Root}/x/state.json': is a directory (EISDIR)", e.Message);
        Assert.Equal(RecordStage.Creating, directory.Load().Stage);
    }

    [Fact]
    public void RemovalFollowsNoLinks()
    {
        string outside = Directory.CreateDirectory(_temporary["outside"]).FullName;
        File.WriteAllText(outside + "/kept", "");
        using StateStore store = Create();
        using ContainerDirectory directory = store.Reserve(Id("x"));
        Directory.CreateDirectory(Root + "/x/deep/deeper");
        File.WriteAllText(Root + "/x/deep/deeper/file", "");
        Directory.CreateSymbolicLink(Root + "/x/link", outside);
        Directory.CreateSymbolicLink(Root + "/x/deep/link", outside);
        directory.CreateFifo(StateFiles.ExecFifo).Dispose();
        directory.Remove();
        Assert.False(Directory.Exists(Root + "/x"));
        Assert.True(File.Exists(outside + "/kept"));
    }

    [Fact]
    public void ALinkIsNoContainer()
    {
        using StateStore store = Create();
        Directory.CreateSymbolicLink(Root + "/x", _temporary.Path);
        File.WriteAllText(Root + "/file", "");
        Assert.Empty(store.List());
        Assert.Equal(
            $"cannot open the state directory '{Root}/x': not a directory (ENOTDIR)",
            Assert.Throws<ContainerException>(() => store.Find(Id("x"))).Message);
        Assert.Throws<ContainerException>(() => store.Reserve(Id("x")));
    }

    [Fact]
    public void TheRecordIsNotReadThroughALink()
    {
        using StateStore store = Create();
        using ContainerDirectory directory = store.Reserve(Id("x"));
        File.CreateSymbolicLink(Root + "/x/state.json", "/etc/passwd");
        ContainerException e = Assert.Throws<ContainerException>(directory.Load);
        Assert.Equal(
            $"cannot open '{Root}/x/state.json': too many levels of symbolic links (ELOOP); hint: remove it with 'anocir delete --force x'", e.Message);
        Assert.True(e.IsDamagedRecord);
    }

    [Fact]
    public void ARecordThatIsNoFileIsDamaged()
    {
        using StateStore store = Create();
        using ContainerDirectory directory = store.Reserve(Id("x"));
        Directory.CreateDirectory(Root + "/x/state.json");
        ContainerException e = Assert.Throws<ContainerException>(directory.Load);
        Assert.Equal($"cannot read '{Root}/x/state.json': is a directory (EISDIR); hint: remove it with 'anocir delete --force x'", e.Message);
        Assert.True(e.IsDamagedRecord);
        Directory.Delete(Root + "/x/state.json");
        directory.CreateFifo(StateFiles.Record).Dispose();
        Assert.True(Assert.Throws<ContainerException>(directory.Load).IsDamagedRecord); // and nobody waits for a writer
    }

    [Fact]
    public void KnowsWhatNoKilledCreateLeaves()
    {
        using StateStore store = Create();
        using ContainerDirectory directory = store.Reserve(Id("x"));
        Assert.Null(directory.FindForeign());
        File.WriteAllText(Root + "/x/.state.json.new", "");
        Assert.Null(directory.FindForeign());
        Directory.CreateDirectory(Root + "/x/photos");
        Assert.Equal("photos", directory.FindForeign());
        directory.Save(Records.Small("x"));
        Assert.Null(directory.FindForeign());
    }

    [Fact]
    public void ListsByNameAndIgnoresForeignNames()
    {
        using StateStore store = Create();
        foreach (string name in new[] { "b", "a", "C", ".hidden" })
        {
            Reserved(store, name).Dispose();
        }

        Directory.CreateDirectory(Root + "/not an id");
        Assert.Equal([".hidden", "C", "a", "b"], store.List().ConvertAll(static id => id.Value));
        Assert.Equal(4, store.List().Count);
    }

    [Fact]
    public void FifosAreTheOwnersOnly()
    {
        using StateStore store = Create();
        using ContainerDirectory directory = store.Reserve(Id("x"));
        using Fd fifo = directory.CreateFifo(StateFiles.ExecFifo);
        Assert.False(Sys.Statx(fifo.Number, "", At.EMPTY_PATH, out Statx status).IsError);
        Assert.True(status.IsType(FileType.Fifo));
        Assert.Equal(0x180, status.Mode & 0xfff); // 0600: a byte in it starts the container
        using Fd other = directory.OpenFifo(StateFiles.ExecFifo);
        Assert.False(Sys.WriteAll(fifo.Number, "x"u8).IsError);
        byte[] read = new byte[1];
        Assert.Equal(1, Sys.Read(other.Number, read).Int);
    }

    [Fact]
    public void FilesAreTheOwnersOnly()
    {
        using StateStore store = Create();
        using ContainerDirectory directory = store.Reserve(Id("x"));
        directory.WriteFile(StateFiles.Config, Encoding.UTF8.GetBytes(new string('x', 10_000)));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Root + "/x/config.json"));
        Assert.Equal(10_000, directory.ReadFile(StateFiles.Config)!.Length);
        Assert.Null(directory.ReadFile(StateFiles.Resources));
    }

    // As the attendant of a foreground run does, which takes no lock.
    [Fact]
    public void WhatAnotherRemovesMeanwhileIsRemoved()
    {
        using StateStore store = Create();
        using ContainerDirectory directory = store.Reserve(Id("x"));
        Directory.Delete(Root + "/x");
        directory.Remove();
    }

    private static ContainerId Id(string text) => ContainerId.Parse(text);

    private static ContainerDirectory Reserved(StateStore store, string name)
    {
        store.Reserve(Id(name)).Dispose();
        return store.Get(Id(name));
    }

    private static List<string> Names(string directory)
    {
        List<string> names = [];
        foreach (string path in Directory.GetFileSystemEntries(directory))
        {
            names.Add(Path.GetFileName(path));
        }

        return names;
    }

    private StateStore Create() => StateStore.OpenOrCreate(Options());

    private RuntimeOptions Options(bool inRuntimeDir = false) =>
        new() { Root = Root, RootIsInRuntimeDir = inRuntimeDir, Log = new Logger(LogLevel.Error, json: false) };
}
