using System;
using System.Globalization;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Launch;
using Anocir.Runtime.Planning;
using Anocir.Runtime.SeccompFilters;
using Anocir.Runtime.SecurityModules;
using Anocir.Runtime.Spec;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>Everything a launch opens before the spawn, and the second helper of containers in a user namespace.</summary>
internal sealed class LaunchFiles : IDisposable
{
    private NamespaceFiles? _namespaces;
    private MountUserNamespaces? _mountNamespaces;
    private Fd _consoleSocket = new(-1);
    private Fd _seccompAgent = new(-1);
    private Fd _sourceForHelper = new(-1);
    private Fd _sourceForInit = new(-1);
    private Fd _hookOutput = new(-1);
    private Fd _initUser = new(-1);
    private Fd _initMounts = new(-1);
    private SourceHelper? _sourceHelper;

    /// <summary>exec.fifo.</summary>
    public Fd StartFifo { get; set; } = new(-1);

    /// <summary>The answering FIFO.</summary>
    public Fd ReplyFifo { get; set; } = new(-1);

    /// <summary>A SOCK_SEQPACKET pair.</summary>
    public static (Fd Controller, Fd Init) Pair()
    {
        SysResult made = Sys.PacketPair(out Fd controller, out Fd init);
        return made.IsError ? throw ContainerException.System("create", "socket pair", made.Errno) : (controller, init);
    }

    /// <summary>Opens what the config and the command line name: bad paths fail before anything exists.</summary>
    public void Open(RuntimeConfig config, CreateOptions create, bool serveConsole)
    {
        LinuxConfig linux = config.Linux!;
        _namespaces = new NamespaceFiles(linux.Namespaces);
        _mountNamespaces = new MountUserNamespaces(config, _namespaces.User);
        if (config.Process?.Terminal == true && !serveConsole && create.ConsoleSocket is { } socket)
        {
            _consoleSocket = DescriptorSocket.Connect(socket, "--console-socket");
        }

        if (linux.Seccomp is { } seccomp && SeccompCompiler.UsesListener(seccomp))
        {
            _seccompAgent = SeccompAgent.Connect(seccomp.ListenerPath!);
        }

        if (SourcePlanner.IsNeeded(linux, Caller.Current.GainsRights))
        {
            (_sourceForHelper, _sourceForInit) = Pair();
        }

        if (config.Hooks is { } hooks && hooks.CreateContainer.Length + hooks.StartContainer.Length > 0)
        {
            _hookOutput = OpenHookOutput();
        }
    }

    /// <summary>All descriptors that a plan can name, for a helper that gets its plan later; -1 for none.</summary>
    public int[] Descriptors() =>
    [
        StartFifo.Number, ReplyFifo.Number, _hookOutput.Number, _sourceForInit.Number, .. _namespaces?.Numbers ?? [], .. _mountNamespaces?.Numbers ?? [],
    ];

    /// <summary>The planner's inputs, with every fd.</summary>
    public PlanInputs Inputs(
        ContainerBundle bundle, CreateOptions create, ContainerRecord record, ContainerCgroups cgroups, int syncFd, WaitingHelperFds? waiting, RuntimeOptions options)
    {
        RuntimeConfig config = bundle.Config;
        LinuxConfig linux = config.Linux!;
        int lastCapability = KernelLimits.LastCapability();
        return new PlanInputs
        {
            Config = config,
            Bundle = bundle.Path,
            Rootfs = bundle.Rootfs,
            Id = record.Id,
            GainsRights = Caller.Current.GainsRights,
            CallerIsRoot = Caller.Current is { Uid: 0, Gid: 0 },
            InUserNamespace = Caller.Current.IsInUserNamespace,
            Setgroups = Groups.Rule(config, Caller.Current),
            NullStreams = StandardStreams.NullMask(record.Streams),
            OomScoreAdj = OomScore.Choose(config.Process?.OomScoreAdj, Caller.Current, options.Log),
            KeptDescriptors = KeptDescriptors(config),
            NoPivot = create.NoPivot,
            HostViews = create.NoPivot && NamespacePlanner.IsNewIn(linux, NamespaceType.Mount) ? HostViews.Find(bundle.Rootfs) : [],
            NoNewKeyring = create.NoNewKeyring,
            ListenFds = create.ListenFds,
            ListenFdNames = create.ListenFdNames,
            PreserveFds = create.ListenFds + create.PreserveFds,
            CgroupEntry = cgroups.Entry,
            CgroupTaskFiles = cgroups.TaskFiles,
            HasUnifiedCgroup = cgroups.HasUnified,
            CgroupFd = cgroups.UnifiedFd,
            CgroupMounts = cgroups.Mounts(NamespacePlanner.IsNewIn(linux, NamespaceType.Cgroup)),
            SyncFd = syncFd,
            WaitingHelper = waiting,
            StartFifoFd = StartFifo.Number,
            ReplyFifoFd = ReplyFifo.Number,
            HookOutputFd = _hookOutput.Number,
            SourceSocketFd = _sourceForInit.Number,
            NamespaceFds = _namespaces?.Numbers ?? [],
            MountUserNamespaceFds = _mountNamespaces?.Numbers ?? [],
            HookState = HookStates.Container(record, config.Hooks?.CreateContainer),
            StartHookState = HookStates.Start(record, config.Hooks?.StartContainer),
            Seccomp = SeccompSource.Get(config, options),
            StackApparmorProfile = config.Process is { ApparmorProfile: not null, NoNewPrivileges: true } && AppArmor.IsConfined,
            Home = HomeDirectory.Find(config, bundle.Rootfs, config.Process?.User.Uid ?? 0),
            LastCapability = lastCapability,
            GrantableCapabilities = GrantableCapabilities.Find(config, lastCapability, options.Log),
        };
    }

    /// <summary>init has its own copies now: EOF on a socket must mean that init is gone.</summary>
    public void CloseInitEnds()
    {
        _sourceForInit.Dispose();
        StartFifo.Dispose();
        ReplyFifo.Dispose();
        _hookOutput.Dispose();
    }

    /// <summary>
    /// Opens what the second helper of a caller without root joins, while init is still dumpable: later its owner may not look into it.
    /// </summary>
    public void OpenInitNamespaces(int pid)
    {
        string directory = "/proc/" + pid.ToString(CultureInfo.InvariantCulture) + "/ns/";
        _initUser = OpenNamespace(directory + "user");
        _initMounts = OpenNamespace(directory + "mnt");
    }

    /// <summary>Starts the process that opens mount sources with the host's rights.</summary>
    public void StartSourceHelper(InitProgram program, PlanWriter plan, int initPidfd)
    {
        plan.SetSlot(SourcePlanner.HelperMount, _initMounts.IsOpen ? _initMounts.Number : initPidfd);
        plan.SetSlot(SourcePlanner.HelperUser, _initUser.Number);
        plan.SetSlot(SourcePlanner.HelperSocket, _sourceForHelper.Number);
        _sourceHelper = SourceHelper.Start(program, plan);
        _sourceForHelper.Dispose();
        _initUser.Dispose();
        _initMounts.Dispose();
    }

    /// <summary>Waits for that process, which has nothing left to do.</summary>
    public void FinishSourceHelper() => _sourceHelper?.Finish();

    /// <summary>Why that process failed, or null.</summary>
    public string? SourceFailure() => _sourceHelper?.Failure();

    /// <summary>Ends that process.</summary>
    public void KillSourceHelper() => _sourceHelper?.Kill();

    /// <summary>Hands the terminal's master to the socket of --console-socket, as runc does: one message, one fd, the path as data.</summary>
    public void SendConsole(Fd master)
    {
        using (master)
        {
            DescriptorSocket.SendOn(_consoleSocket, "--console-socket", master.Number, "/dev/ptmx"u8);
        }
    }

    /// <summary>Takes the listener of init's filter and hands it to the agent; the connection is closed.</summary>
    public void SendListener(Seccomp seccomp, ContainerRecord record, int pidfd, int number)
    {
        using (_seccompAgent)
        {
            SeccompAgent.Send(_seccompAgent, seccomp, record, pidfd, number);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _seccompAgent.Dispose();
        CloseInitEnds();
        _namespaces?.Dispose();
        _mountNamespaces?.Dispose();
        _consoleSocket.Dispose();
        _sourceForHelper.Dispose();
        _initUser.Dispose();
        _initMounts.Dispose();
        _sourceHelper?.Dispose();
    }

    private static Fd OpenNamespace(string path)
    {
        SysResult opened = Sys.Open(path, O.RDONLY | O.CLOEXEC);
        return opened.IsError ? throw ContainerException.System("open", path, opened.Errno) : new Fd(opened.Int);
    }

    // What init's steps open for an ordinary container, cgroup v1 included, is less; more is closed as it comes. Hooks that find the mounts made
    // may want to unmount what an open descriptor would hold.
    private static uint KeptDescriptors(RuntimeConfig config)
    {
        const int RlimitNofile = 7;
        const uint Kept = 128;
        return config.Hooks is null or { Prestart.Length: 0, CreateRuntime.Length: 0, CreateContainer.Length: 0 } && Sys.SoftLimit(RlimitNofile) >= 4 * Kept ? Kept : 0;
    }

    private static Fd OpenHookOutput()
    {
        SysResult created = Sys.MemfdCreate("anocir-hooks", Memfd.CLOEXEC);
        return created.IsError ? throw ContainerException.System("create memfd", "anocir-hooks", created.Errno) : new Fd(created.Int);
    }
}
