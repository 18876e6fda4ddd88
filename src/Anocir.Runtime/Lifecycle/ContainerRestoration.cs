using System;
using System.Globalization;
using Anocir.Linux;
using Anocir.Plan;
using Anocir.Runtime.Cgroups;
using Anocir.Runtime.Criu;
using Anocir.Runtime.Errors;
using Anocir.Runtime.HookPrograms;
using Anocir.Runtime.Launch;
using Anocir.Runtime.Planning;
using Anocir.Runtime.Resctrl;
using Anocir.Runtime.Spec;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>
/// One restore, as a transaction like <see cref="ContainerCreation"/>: intent on disk, cgroups, a helper that becomes CRIU, its conversation, record.
/// What CRIU makes is a child of this process (rst_sibling), and is taken back when anything fails.
/// </summary>
internal sealed class ContainerRestoration : IDisposable
{
    private readonly RuntimeOptions _options;
    private readonly CreateOptions _create;
    private readonly CheckpointOptions _checkpoint;
    private readonly ContainerBundle _bundle;
    private readonly bool _serveConsole;
    private readonly NamespaceFiles _namespaces;
    private CriuProgram _criu = null!;
    private CheckpointFiles? _files;
    private StateStore? _store;
    private ContainerDirectory? _directory;
    private ContainerRecord? _record;
    private ContainerCgroups? _cgroups;
    private InitProgram? _program;
    private PlanWriter? _plan;
    private InitSession? _session;
    private CriuService? _service;
    private Fd _images = new(-1);
    private Fd _work = new(-1);
    private Fd _consoleSocket = new(-1);
    private Fd _console = new(-1);
    private Fd _pidfd = new(-1);
    private ulong _callerSignals;
    private bool _wrotePidFile;
    private bool _done;

    private ContainerRestoration(RuntimeOptions options, RestoreOptions restore, ContainerBundle bundle, bool serveConsole)
    {
        _options = options;
        _create = restore.Create;
        _checkpoint = restore.Checkpoint;
        _bundle = bundle;
        _serveConsole = serveConsole;
        _namespaces = new NamespaceFiles(bundle.Config.Linux!.Namespaces);
    }

    /// <summary>Restores the container.</summary>
    /// <param name="options">Global options.</param>
    /// <param name="restore">Options of the command.</param>
    /// <param name="serveConsole">The terminal's master stays here instead of going to a socket.</param>
    public static CreatedContainer Run(RuntimeOptions options, RestoreOptions restore, bool serveConsole)
    {
        ContainerBundle bundle = ContainerBundle.Load(options, restore.Create);
        TerminalChecks.Check(bundle.Config.Process, restore.Create.ConsoleSocket, serveConsole);
        if (AnnotationNames.Find(bundle.Config, AnnotationNames.DelegateCgroup) is not null)
        {
            throw ContainerException.Config($"annotations['{AnnotationNames.DelegateCgroup}']", "a cgroup that belongs to the container's root cannot be restored");
        }

        using var restoration = new ContainerRestoration(options, restore, bundle, serveConsole);
        try
        {
            restoration.Open();
            restoration.Prepare();
            restoration.Work(restoration.Launch());
            return restoration.Commit();
        }
        catch (InitDiedException)
        {
            restoration.RollBack();
            throw InitText.Died();
        }
        catch
        {
            restoration.RollBack();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _service?.Dispose();
        _session?.Dispose();
        _files?.Dispose();
        _images.Dispose();
        _work.Dispose();
        _namespaces.Dispose();
        _consoleSocket.Dispose();
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

    // What is missing or wrong fails before anything exists.
    private void Open()
    {
        _files = CheckpointFiles.Find(_checkpoint);
        _criu = CriuProgram.Find();
        _criu.RequireFeatures(memoryTracking: false, _checkpoint.Choices.LazyPages);
        if (_create.ConsoleSocket is { } socket)
        {
            _consoleSocket = DescriptorSocket.Connect(socket, "--console-socket");
        }
    }

    private void Prepare()
    {
        _cgroups = ContainerCgroups.For(_options, _bundle.Config, _create.Id.Value);
        ContainerRecord intent = ContainerRecords.Intent(_create.Id.Value, _bundle, _cgroups.Record);
        _callerSignals = SignalBlock.Begin();
        _store = StateStore.OpenOrCreate(_options);
        _directory = _store.Reserve(_create.Id);
        _record = intent;
        _directory.Save(_record);
        _directory.WriteFile(StateFiles.Config, _bundle.Text);
        _directory.CreateDirectory(StateFiles.CriuRoot);
        _cgroups.BeforeSpawn();
    }

    // The helper does its work, is moved into the cgroups, and executes CRIU; the request is complete then.
    private CriuOptions Launch()
    {
        (Fd ours, Fd theirs) = LaunchFiles.Pair();
        using Fd criuEnd = theirs;
        (Fd controllerEnd, Fd initEnd) = LaunchFiles.Pair();
        using Fd initSocket = initEnd;
        CgroupMount[] mounts = _cgroups!.Mounts(NamespacePlanner.IsNewIn(_bundle.Config.Linux!, NamespaceType.Cgroup));
        CriuOptions request = RestoreRequest.Build(_bundle, CriuRoot, _checkpoint.Choices, mounts, _namespaces.Numbers, _files!.ReadDescriptors());
        _program = InitProgram.Create();
        int[] kept = [criuEnd.Number, .. RestoreRequest.Inherited(request)];
        _plan = RestorePlanner.Build(new RestoreInputs
        {
            Config = _bundle.Config,
            Bundle = _bundle.Path,
            Rootfs = _bundle.Rootfs,
            CriuRoot = CriuRoot,
            Directories = [_files.ImagePath, _files.WorkPath],
            SyncFd = initSocket.Number,
            Kept = kept,
            Program = _criu.Path,
            Arguments = CriuProgram.Arguments(criuEnd.Number),
            Environment = CallerEnvironment.ReadText(),
        });
        _session = new InitSession(controllerEnd, _plan);
        int helper = InitLauncher.Spawn(_program, _plan, kept);
        _service = new CriuService(ours, helper, _criu.Path, new Fd(-1));
        _session.Helper = helper;
        initSocket.Dispose();
        criuEnd.Dispose();
        request.ImagesFd = ReceiveDirectory(out _images);
        request.WorkFd = ReceiveDirectory(out _work);
        if (_session.Receive(out _) != SyncKind.Ready)
        {
            throw new InitDiedException();
        }

        EnterCgroups(helper, request);
        AwaitExec(helper);
        return request;
    }

    private int ReceiveDirectory(out Fd directory)
    {
        SyncKind kind = _session!.Receive(out int fd);
        directory = new Fd(fd);
        return kind == SyncKind.Source ? fd : throw new InitDiedException();
    }

    private void EnterCgroups(int helper, CriuOptions request)
    {
        if (_cgroups!.PlacesHelper)
        {
            _cgroups.HelperExists(helper);
            _cgroups.PlaceHelper();
        }

        _cgroups.InitExists(helper);

        // Until there is an init. The cgroups are this container's alone now, and what CRIU leaves in them when it is killed is to be killed by delete.
        SetInit(helper);
        _cgroups.Enter(helper);
        if (_bundle.Config.Linux!.IntelRdt is { } rdt)
        {
            new ResctrlGroup(ResctrlRoot.Find() ?? "", rdt, _record!.Resctrl!).Create(helper);
        }

        RestoreRequest.AddCgroups(request, helper);
    }

    // execve closes the helper's end of the socket; a failure is told on it first.
    private void AwaitExec(int helper)
    {
        _session!.Send(SyncKind.CgroupsReady);
        try
        {
            _ = _session.Receive(out _);
        }
        catch (InitDiedException) when (!Sys.HasEnded(helper))
        {
            _session.Dispose();
        }
    }

    private string CriuRoot => _directory!.Path + "/" + StateFiles.CriuRoot;

    private void Work(CriuOptions request)
    {
        var cgroups = new UnifiedOptions();
        CriuResponse response;
        try
        {
            response = _service!.Work(CriuRequestType.Restore, request, Notified);
        }
        finally
        {
            if (cgroups.Restore() is { } warning)
            {
                _options.Log.Warn(warning);
            }
        }

        if (!response.Success)
        {
            throw CriuLog.Explain($"restore container '{_create.Id.Value}'", response, _files!.WorkPath + "/" + RestoreRequest.LogFile, "");
        }

        SetInit(response.Pid);
        _ = _service.Finish();
    }

    private void Notified(string script, int pid, int fd)
    {
        var descriptor = new Fd(fd);
        switch (script)
        {
            case "orphan-pts-master":
                TakeConsole(descriptor);
                return;
            case "setup-namespaces":
                SetInit(pid);
                RunHooks();
                break;
            case "post-restore":
                SetInit(pid);
                if (NamespacePlanner.IsNewIn(_bundle.Config.Linux!, NamespaceType.Network))
                {
                    RestoredLoopback.BringUp(_program!, _pidfd);
                }

                HandOut();
                break;
        }

        descriptor.Dispose();
    }

    // From here on delete --force finds it, should this process be killed.
    private void SetInit(int pid)
    {
        if (pid <= 0 || _record!.Pid == pid)
        {
            return;
        }

        _record.Pid = pid;
        _record.PidStartTime = ProcessIdentity.TryRead(pid, out ProcessIdentity identity) ? identity.StartTime : 0;
        _pidfd.Dispose();
        SysResult opened = Sys.PidfdOpen(pid);
        _pidfd = opened.IsError
            ? throw ContainerException.System("open a pidfd of process", pid.ToString(CultureInfo.InvariantCulture), opened.Errno)
            : new Fd(opened.Int);
        _directory!.Save(_record);
    }

    private void RunHooks()
    {
        Hooks? hooks = _bundle.Config.Hooks;
        if (hooks is null)
        {
            return;
        }

        var output = new HookOutput(_record!.Annotations);
        HookRunner.Run("prestart", hooks.Prestart, StateDocument.ForHook(_record, ContainerStatus.Created).Span, _bundle.Path, output);
        HookRunner.Run("createRuntime", hooks.CreateRuntime, StateDocument.ForHook(_record, ContainerStatus.Creating).Span, _bundle.Path, output);
    }

    private void TakeConsole(Fd master)
    {
        if (_serveConsole)
        {
            _console.Dispose();
            _console = master;
            return;
        }

        using (master)
        {
            if (_consoleSocket.IsOpen)
            {
                DescriptorSocket.SendOn(_consoleSocket, "--console-socket", master.Number, "/dev/ptmx"u8);
            }
        }
    }

    // The processes stand still until CRIU has its answer: what fails here loses nothing.
    private void HandOut()
    {
        if (AnnotationNames.Find(_bundle.Config, AnnotationNames.PidfdReceiver) is { } receiver)
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
    }

    private CreatedContainer Commit()
    {
        _ = Sys.UnlinkAt(_directory!.Descriptor, StateFiles.CriuRoot, At.REMOVEDIR);
        _done = true;
        return new CreatedContainer
        {
            Store = _store!,
            Directory = _directory,
            Record = _record!,
            Bundle = _bundle,
            Plan = _plan!,
            Program = _program!,
            Pidfd = _pidfd,
            CallerSignals = _callerSignals,
            ConsoleMaster = _console,
        };
    }

    private void RollBack()
    {
        try
        {
            _session?.Dispose(); // a helper that still waits for its cgroups ends with that
            _service?.End(kill: true);

            if (_pidfd.IsOpen)
            {
                _ = Sys.PidfdSendSignal(_pidfd.Number, 9);
                _ = ChildEnd.Wait(_record!.Pid);
            }

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
}
