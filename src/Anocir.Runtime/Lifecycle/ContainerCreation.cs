using System;
using System.Collections.Generic;
using System.Globalization;
using Anocir.Linux;
using Anocir.Plan;
using Anocir.Runtime.Cgroups.Statistics;
using Anocir.Runtime.Errors;
using Anocir.Runtime.HookPrograms;
using Anocir.Runtime.Launch;
using Anocir.Runtime.Networking;
using Anocir.Runtime.Planning;
using Anocir.Runtime.Resctrl;
using Anocir.Runtime.Spec;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>
/// One create, as a transaction: intent on disk, cgroups, init, conversation, record. Until <see cref="SyncKind.Committed"/>
/// init dies with this process; whatever fails before is taken back.
/// </summary>
internal sealed class ContainerCreation : IDisposable
{
    private readonly RuntimeOptions _options;
    private readonly CreateOptions _create;
    private readonly ContainerBundle _bundle;
    private readonly LaunchFiles _files = new();
    private readonly bool _serveConsole;
    private readonly Action<CreatedContainer> _meanwhile;
    private StateStore? _store;
    private ContainerDirectory? _directory;
    private ContainerRecord? _record;
    private ContainerCgroups? _cgroups;
    private InitProgram? _program;
    private PlanWriter? _plan;
    private PlanWriter? _sourcePlan;
    private InitSession? _session;
    private Queue<(SyncKind Kind, int Fd)>? _early;
    private int _helper;
    private Fd _pidfd = new(-1);
    private Fd _console = new(-1);
    private CreatedContainer? _created;
    private ulong _callerSignals;
    private bool _wrotePidFile;
    private bool _done;

    private ContainerCreation(RuntimeOptions options, CreateOptions create, ContainerBundle bundle, bool serveConsole, Action<CreatedContainer> meanwhile)
    {
        _meanwhile = meanwhile;
        _options = options;
        _create = create;
        _bundle = bundle;
        _serveConsole = serveConsole;
    }

    /// <summary>Creates the container.</summary>
    /// <param name="options">Global options.</param>
    /// <param name="create">Options of the command.</param>
    /// <param name="serveConsole">The terminal's master stays here instead of going to a socket.</param>
    /// <param name="meanwhile">Called once init has all it waits for and works by itself; the container has no terminal yet.</param>
    public static CreatedContainer Run(RuntimeOptions options, CreateOptions create, bool serveConsole, Action<CreatedContainer> meanwhile)
    {
        PreservedFds.Check(create.ListenFds, create.PreserveFds);
        ContainerBundle bundle = ContainerBundle.Load(options, create);
        TerminalChecks.Check(bundle.Config.Process, create.ConsoleSocket, serveConsole);
        using var creation = new ContainerCreation(options, create, bundle, serveConsole, meanwhile);
        try
        {
            creation.Prepare();
            creation.Launch();
            creation.Converse();
            return creation.Commit();
        }
        catch (InitDiedException)
        {
            ContainerException death = creation.ExplainDeath();
            creation.RollBack();
            throw death;
        }
        catch (ContainerException) when (creation._session is { FailedStep: StepKind.ReceiveFd })
        {
            // init got no mount source; the process that should have opened it knows why.
            string? message = creation._files.SourceFailure();
            creation.RollBack();
            if (message is null)
            {
                throw;
            }

            throw new ContainerException(message);
        }
        catch
        {
            creation.RollBack();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _session?.Dispose();
        _files.Dispose();
        _cgroups?.Dispose();
        if (!_done)
        {
            _pidfd.Dispose();
            _console.Dispose();
            _program?.Dispose();
            _directory?.Dispose();
            _store?.Dispose();
        }
    }

    private void Prepare()
    {
        RuntimeConfig config = _bundle.Config;
        _files.Open(config, _create, _serveConsole);
        _cgroups = ContainerCgroups.For(_options, config, _create.Id.Value);
        ContainerRecord intent = ContainerRecords.Intent(_create.Id.Value, _bundle, _cgroups.Record);

        // Up to here a signal may end the command: nothing exists, and what was opened may have been a FIFO or a terminal that nobody writes to.
        _callerSignals = SignalBlock.Begin();
        _store = StateStore.OpenOrCreate(_options);
        _directory = _store.Reserve(_create.Id);
        _record = intent;
        _record.NoNewKeyring = _create.NoNewKeyring;
        _directory.Save(_record);
        _directory.WriteFile(StateFiles.Config, _bundle.Text);
        if (_create.NotifySocket is not null)
        {
            ReadinessRelay.Prepare(_directory, config);
        }

        _files.StartFifo = _directory.CreateFifo(StateFiles.ExecFifo);
        _directory.CreateDirectory(StateFiles.Reply);
        _files.ReplyFifo = _directory.CreateFifo(StateFiles.ReplyFifo);
        _cgroups.BeforeSpawn();
    }

    private void Launch()
    {
        _program = InitProgram.Create();
        _record!.InitDevice = _program.Device;
        _record.InitInode = _program.Inode;
        (Fd controllerEnd, Fd initEnd) = LaunchFiles.Pair();
        using Fd initSocket = initEnd;
        if (_cgroups!.PlacesHelper)
        {
            LaunchWaiting(controllerEnd, initSocket.Number);
        }
        else
        {
            _plan = InitPlanner.Build(Inputs(initSocket.Number, null), out _sourcePlan);
            _session = new InitSession(controllerEnd, _plan);
            _helper = InitLauncher.Spawn(_program, _plan);
        }

        Trace("nsexec container setup: helper is process ", _helper);
        _session!.Helper = _helper;
        _session.SilenceMilliseconds = HookTime.Milliseconds(_session.SilenceMilliseconds, _bundle.Config.Hooks?.CreateContainer ?? []);
        _files.CloseInitEnds();
    }

    // The cgroup manager works on the helper while the plan is built.
    private void LaunchWaiting(Fd controllerEnd, int syncFd)
    {
        using Fd memory = PlanMemory.Create();
        var waiting = new WaitingHelperFds(_program!.Descriptor, memory.Number);
        PlanWriter wait = WaitingHelper.Build(syncFd, waiting);
        _session = new InitSession(controllerEnd, wait);
        _helper = InitLauncher.Spawn(_program, wait, [memory.Number, .. _files.Descriptors()]);
        _cgroups!.HelperExists(_helper);
        _plan = InitPlanner.Build(Inputs(syncFd, waiting), out _sourcePlan);
        PlanMemory.Fill(memory, _plan);
        _session.Plan = _plan;
        _cgroups.PlaceHelper();
        _session.Send(SyncKind.CgroupsReady);
    }

    private PlanInputs Inputs(int syncFd, WaitingHelperFds? waiting) =>
        _files.Inputs(_bundle, _create, _record!, _cgroups!, syncFd, waiting, _options);

    private void Converse()
    {
        Hooks? hooks = _bundle.Config.Hooks;
        while (true)
        {
            SyncKind message = Next(out int fd);
            switch (message)
            {
                case SyncKind.Pid:
                    InitExists();
                    _meanwhile(_created = Describe());
                    _ = ChildEnd.Wait(_helper); // it exits right after the clone
                    _helper = 0;
                    break;
                case SyncKind.HooksReached:
                    HookRunner.Run("prestart", hooks!.Prestart, State(RecordStage.Created), _bundle.Path, new HookOutput(_record!.Annotations));
                    HookRunner.Run("createRuntime", hooks!.CreateRuntime, State(RecordStage.Creating), _bundle.Path, new HookOutput(_record!.Annotations));
                    _session!.Send(SyncKind.HooksDone);
                    break;
                case SyncKind.Console:
                    _console = new Fd(fd);
                    break;
                case SyncKind.SeccompListener:
                    _files.SendListener(_bundle.Config.Linux!.Seccomp!, _record!, _pidfd.Number, fd);
                    _session!.Send(SyncKind.ListenerTaken);
                    break;
                case SyncKind.Ready:
                    return;
                default:
                    throw new InitDiedException();
            }
        }
    }

    // Helper and init run at the same time, and an init that waits for nothing (cgroup v2, no user namespace) may be heard before the helper
    // has told its PID. What comes early is kept until then.
    private SyncKind Next(out int fd)
    {
        if (_session!.Pid != 0 && _early is { Count: > 0 })
        {
            (SyncKind kind, fd) = _early.Dequeue();
            return kind;
        }

        while (true)
        {
            SyncKind kind = _session.Receive(out fd);
            if (_session.Pid != 0)
            {
                return kind;
            }

            (_early ??= new Queue<(SyncKind, int)>()).Enqueue((kind, fd));
        }
    }

    private void InitExists()
    {
        int pid = _session!.Pid;
        Trace("child process in init(): process ", pid);
        _record!.Pid = pid;
        SysResult opened = Sys.PidfdOpen(pid);
        if (opened.IsError)
        {
            throw opened.Is(Errno.ESRCH)
                ? new InitDiedException()
                : ContainerException.System("open a pidfd of process", pid.ToString(CultureInfo.InvariantCulture), opened.Errno);
        }

        _pidfd = new Fd(opened.Int);
        _record.PidStartTime = ProcessIdentity.TryRead(pid, out ProcessIdentity identity) ? identity.StartTime : throw new InitDiedException();

        LinuxConfig linux = _bundle.Config.Linux!;
        if (NamespacePlanner.IsNewIn(linux, NamespaceType.User))
        {
            IdMaps.Write(pid, linux.UidMappings, linux.GidMappings, "linux", Caller.Current);
            if (Caller.Current.GainsRights)
            {
                _files.OpenInitNamespaces(pid);
            }

            _session.Send(SyncKind.MapsWritten);
        }

        if (_sourcePlan is not null)
        {
            _files.StartSourceHelper(_program!, _sourcePlan, _pidfd.Number);
        }

        if (linux.IntelRdt is { } rdt)
        {
            new ResctrlGroup(ResctrlRoot.Find() ?? "", rdt, _record.Resctrl!).Create(pid);
        }

        NetDevices.Move(linux.NetDevices, pid);
        _cgroups!.InitExists(pid);
        if (_cgroups.Entry is CgroupEntry.Self or CgroupEntry.Controller)
        {
            _session.Send(SyncKind.CgroupsReady);
        }
    }

    private CreatedContainer Commit()
    {
        _files.FinishSourceHelper();
        if (_cgroups!.AwaitsHelper)
        {
            _ = ChildEnd.Wait(_helper);
            _cgroups.HelperIsGone(_record!.Pid);
        }

        if (_bundle.Config.Linux!.FindNamespace(NamespaceType.User) is not null)
        {
            Rlimits.Apply(_record!.Pid, _bundle.Config.Process);
        }

        if (_console.IsOpen && !_serveConsole)
        {
            _files.SendConsole(_console);
        }

        if (_create.PidfdSocket is { } socket)
        {
            DescriptorSocket.Send(socket, "--pidfd-socket", _pidfd.Number, "pidfd"u8);
        }
        else if (AnnotationNames.Find(_bundle.Config, AnnotationNames.PidfdReceiver) is { } receiver)
        {
            DescriptorSocket.Send(receiver, AnnotationNames.PidfdReceiver, _pidfd.Number, "pidfd"u8);
        }

        _record!.Stage = RecordStage.Created;
        _directory!.Save(_record);
        if (_create.PidFile is { } pidFile)
        {
            PidFile.Write(pidFile, _record.Pid);
            _wrotePidFile = true;
        }

        Trace("init: closing the pipe to signal completion: process ", _record.Pid);
        _session!.Send(SyncKind.Committed);
        _done = true;
        _created!.ConsoleMaster = _console;
        return _created;
    }

    private CreatedContainer Describe() => new()
    {
        Store = _store!,
        Directory = _directory!,
        Record = _record!,
        Bundle = _bundle,
        Plan = _plan!,
        Program = _program!,
        Pidfd = _pidfd,
        CallerSignals = _callerSignals,
    };

    // The stages in the words of runc's log, which scripts look for.
    private void Trace(string stage, int pid)
    {
        if (_options.Log.IsDebug)
        {
            _options.Log.Debug(stage + pid.ToString(CultureInfo.InvariantCulture));
        }
    }

    // What the specification wants hooks to see: prestart comes when the container is created as far as the runtime's namespaces go.
    private ReadOnlySpan<byte> State(RecordStage stage) =>
        StateDocument.ForHook(_record!, stage == RecordStage.Created ? ContainerStatus.Created : ContainerStatus.Creating).Span;

    private ContainerException ExplainDeath()
    {
        int pid = _session is { Pid: > 0 } session ? session.Pid : _helper;
        if (_files.SourceFailure() is { } sourceFailure)
        {
            return new ContainerException(sourceFailure);
        }

        int? status = ChildEnd.Kill(pid);
        _record!.Pid = 0;
        _helper = pid == _helper ? 0 : _helper;
        if (_record.Cgroup is { } cgroup && OomKills.Any(cgroup))
        {
            return InitText.OutOfMemory();
        }

        return InitText.Died(status is { } known ? WaitStatusText.Describe(known) : "");
    }

    // Whatever cannot be taken back is said and left to delete --force; the cause of the failure stays the message.
    private void RollBack()
    {
        try
        {
            KillInit();
            _files.KillSourceHelper();
            if (_create.Keep && _created is not null)
            {
                KeepStopped(_record!);
                return;
            }

            // Removing needs a few descriptors, and too few of them may be why this fails.
            _files.Dispose();
            _session?.Dispose();
            _program?.Dispose();
            _cgroups?.Destroy();
            ContainerRemains.Remove(_options, _bundle.Config.Hooks, _record, _directory);
        }
        catch (ContainerException e)
        {
            _options.Log.Warn(e.Message);
        }
        finally
        {
            if (_wrotePidFile)
            {
                PidFile.Remove(_create.PidFile);
            }
        }
    }

    // run --keep: there was an init, in cgroups that are nobody else's. All but the processes is left to delete.
    private void KeepStopped(ContainerRecord record)
    {
        record.Pid = _session!.Pid;
        record.Stage = RecordStage.Created;
        _directory!.Save(record);
    }

    private void KillInit()
    {
        if (_pidfd.IsOpen)
        {
            _ = Sys.PidfdSendSignal(_pidfd.Number, 9);
            if (_record!.Pid > 0)
            {
                _ = ChildEnd.Wait(_record.Pid);
            }
        }

        if (_helper > 0)
        {
            _ = ChildEnd.Kill(_helper);
        }
    }
}
