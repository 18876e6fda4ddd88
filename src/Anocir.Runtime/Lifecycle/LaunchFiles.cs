using System;
using System.Collections.Generic;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Launch;
using Anocir.Runtime.Logging;
using Anocir.Runtime.Planning;
using Anocir.Runtime.SeccompFilters;
using Anocir.Runtime.Spec;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>Everything a launch opens before the spawn, and the second helper of containers in a user namespace.</summary>
internal sealed class LaunchFiles : IDisposable
{
    private NamespaceFiles? _namespaces;
    private MountUserNamespaces? _mountNamespaces;
    private Fd _consoleSocket = new(-1);
    private Fd _sourceForHelper = new(-1);
    private Fd _sourceForInit = new(-1);
    private Fd _hookOutput = new(-1);
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
        _mountNamespaces = new MountUserNamespaces(config);
        if (config.Process?.Terminal == true && !serveConsole && create.ConsoleSocket is { } socket)
        {
            _consoleSocket = DescriptorSocket.Connect(socket, "--console-socket");
        }

        if (linux.FindNamespace(NamespaceType.User) is not null)
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
        ContainerBundle bundle, CreateOptions create, ContainerRecord record, ContainerCgroups cgroups, int syncFd, WaitingHelperFds? waiting, Logger log)
    {
        RuntimeConfig config = bundle.Config;
        LinuxConfig linux = config.Linux!;
        return new PlanInputs
        {
            Config = config,
            Bundle = bundle.Path,
            Rootfs = bundle.Rootfs,
            Id = record.Id,
            NoPivot = create.NoPivot,
            NoNewKeyring = create.NoNewKeyring,
            ListenFds = create.ListenFds,
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
            Seccomp = Filter(linux.Seccomp, log),
            Home = HomeDirectory.Find(config, bundle.Rootfs, config.Process?.User.Uid ?? 0),
            LastCapability = KernelLimits.LastCapability(),
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

    /// <summary>Starts the process that opens mount sources with the host's rights.</summary>
    public void StartSourceHelper(InitProgram program, PlanWriter plan, int initPidfd)
    {
        plan.SetSlot(SourcePlanner.HelperPidfd, initPidfd);
        plan.SetSlot(SourcePlanner.HelperSocket, _sourceForHelper.Number);
        _sourceHelper = SourceHelper.Start(program, plan);
        _sourceForHelper.Dispose();
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

    /// <inheritdoc/>
    public void Dispose()
    {
        CloseInitEnds();
        _namespaces?.Dispose();
        _mountNamespaces?.Dispose();
        _consoleSocket.Dispose();
        _sourceForHelper.Dispose();
        _sourceHelper?.Dispose();
    }

    /// <summary>The compiled filter of a container and its flags; empty without one. What was left out of it goes to the debug log.</summary>
    internal static (byte[] Program, uint Flags) Filter(Seccomp? config, Logger log)
    {
        if (config is null)
        {
            return ([], 0);
        }

        List<string>? notes = log.IsDebug ? [] : null;
        SeccompProgram filter = SeccompCompiler.Compile(config, notes);
        foreach (string note in notes ?? [])
        {
            log.Debug(note);
        }

        return (filter.Program, filter.Flags);
    }

    private static Fd OpenHookOutput()
    {
        SysResult created = Sys.MemfdCreate("anocir-hooks", Memfd.CLOEXEC);
        return created.IsError ? throw ContainerException.System("create memfd", "anocir-hooks", created.Errno) : new Fd(created.Int);
    }
}
