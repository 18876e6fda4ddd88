using System;
using Anocir.Linux;
using Anocir.Plan;
using Anocir.Runtime.Errors;
using Anocir.Runtime.HookPrograms;
using Anocir.Runtime.Spec;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>The start command: one byte to the waiting init, and what becomes of it.</summary>
public static class StartOperation
{
    /// <summary>Most time from the start byte to exec, startContainer hooks included.</summary>
    internal static int Milliseconds(Hooks? hooks) => HookTime.Milliseconds(30_000, hooks?.StartContainer ?? []);

    /// <summary>Lets the program of a created container run, and with <paramref name="notifySocket"/> waits until it says that it is ready.</summary>
    public static void Start(RuntimeOptions options, ContainerId id, string? notifySocket = null)
    {
        using var store = StateStore.Open(options.Root);
        using ContainerDirectory directory = store.Get(id);
        DirectoryLock.Take(directory);
        ContainerRecord record = directory.Load();

        // Opened before the process is looked at, so it is of what is seen.
        using Fd? opened = ContainerProcess.OpenPidfd(record);
        RequireCreated(ContainerProcess.Evaluate(record));
        Fd pidfd = opened ?? throw new ContainerException("cannot start a container that has stopped");
        RuntimeConfig? config = record.StartsPlainly ? null : StoredConfig.Load(directory);
        if (!record.StartsPlainly && config?.Process is null)
        {
            // The specification allows a container without a process; only start needs one. It ends here, for good.
            _ = Sys.PidfdSendSignal(pidfd.Number, 9);
            throw NoProcess();
        }

        using var relay = ReadinessRelay.Open(directory, notifySocket);
        SignalStart(directory, pidfd, config?.Hooks, record);
        RunPoststart(options, directory, record, config?.Hooks, pidfd);
        if (relay is not null)
        {
            directory.Dispose(); // and with it the lock: others may work on the container meanwhile
            relay.Wait(pidfd, record.Pid);
        }
    }

    /// <summary>The same for a container that this process has just created.</summary>
    internal static void Start(RuntimeOptions options, CreatedContainer container)
    {
        if (container.Bundle.Config.Process is null)
        {
            throw NoProcess();
        }

        Hooks? hooks = container.Bundle.Config.Hooks;
        SignalStart(container.Directory, container.Pidfd, hooks, container.Record);
        RunPoststart(options, container.Directory, container.Record, hooks, container.Pidfd);
    }

    private static ContainerException NoProcess() => ContainerException.Config("process", "is required to start a container");

    private static void RequireCreated(ContainerStatus status)
    {
        if (status != ContainerStatus.Created)
        {
            throw new ContainerException(status switch
            {
                ContainerStatus.Running => "cannot start an already running container",
                ContainerStatus.Stopped => "cannot start a container that has stopped",
                _ => $"cannot start a container in the {ContainerProcess.Text(status)} state",
            });
        }
    }

    private static void SignalStart(ContainerDirectory directory, Fd pidfd, Hooks? hooks, ContainerRecord record)
    {
        // The answer first: init's own fd keeps the FIFO alive, and when exec closes it the end of file is ours to see.
        using Fd reply = OpenEnd(directory, StateFiles.ReplyFifo, O.RDONLY | O.NONBLOCK);
        using Fd start = OpenEnd(directory, StateFiles.ExecFifo, O.WRONLY | O.NONBLOCK);
        SysResult written = Sys.Write(start.Number, [StartFailure.Start]);
        if (written.IsError)
        {
            throw ContainerException.System("write", directory.Path + "/" + StateFiles.ExecFifo, written.Errno);
        }

        StartAnswer.Await(reply, pidfd, Milliseconds(hooks), record);

        // The program runs, whatever becomes of these; delete removes them else.
        _ = Sys.UnlinkAt(directory.Descriptor, StateFiles.ExecFifo);
        _ = Sys.UnlinkAt(directory.Descriptor, StateFiles.ReplyFifo);
    }

    private static Fd OpenEnd(ContainerDirectory directory, string name, int flags)
    {
        SysResult opened = Sys.OpenAt(directory.Descriptor, name, flags | O.NOFOLLOW | O.CLOEXEC);
        return opened.IsError
            ? throw (opened.Errno is Errno.ENXIO or Errno.ENOENT
                ? new ContainerException("cannot start a container that has stopped")
                : ContainerException.System("open", directory.Path + "/" + name, opened.Errno))
            : new Fd(opened.Int);
    }

    private static void RunPoststart(RuntimeOptions options, ContainerDirectory directory, ContainerRecord record, Hooks? hooks, Fd pidfd)
    {
        if (hooks is not { Poststart.Length: > 0 })
        {
            return;
        }

        _ = options;
        try
        {
            ReadOnlySpan<byte> state = StateDocument.ForHook(record, ContainerStatus.Running).Span;
            HookRunner.Run("poststart", hooks.Poststart, state, record.Bundle, new HookOutput(record.Annotations));
        }
        catch (ContainerException)
        {
            // runtime.md "Lifecycle" 10: the container is stopped, and the error is the command's.
            _ = Sys.PidfdSendSignal(pidfd.Number, 9);
            _ = directory;
            throw;
        }
    }
}
