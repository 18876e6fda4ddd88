using System;
using Anocir.Linux;
using Anocir.Plan;
using Anocir.Runtime.Errors;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>
/// The run command. In the foreground this process, once the container is created, becomes a tiny attendant: it executes
/// anocir-init in its own place (same PID, children kept), which starts, serves and removes the container.
/// </summary>
public static class RunOperation
{
    /// <summary>Creates and starts a container and, unless detached, waits; the exit status of the command.</summary>
    public static int Run(RuntimeOptions options, CreateOptions create)
    {
        if (!create.NoSubreaper && !create.Detach)
        {
            _ = Sys.BecomeSubreaper();
        }

        using var attendance = new RunAttendance(options, create);
        using CreatedContainer container = ContainerCreation.Run(options, create, serveConsole: !create.Detach, attendance.Prepare);
        try
        {
            bool startHere = create.Detach || RunAttendance.StartsFirst(container);
            using var relay = ReadinessRelay.Open(container.Directory, create.NotifySocket);
            if (container.ConsoleMaster.IsOpen)
            {
                ForegroundTerminal.Prepare(container.ConsoleMaster.Number);
            }

            if (startHere)
            {
                StartOperation.Start(options, container);
            }

            if (create.Detach)
            {
                if (relay is not null)
                {
                    container.Directory.Dispose(); // and with it the lock: others may work on the container meanwhile
                    relay.Wait(container.Pidfd, container.Record.Pid);
                }

                return 0;
            }

            throw attendance.Become(container, relay);
        }
        catch
        {
            DeleteOperation.Release(options, container.Directory, container.Record);
            throw;
        }
    }

    /// <summary>
    /// The end of a foreground run, in a new controller that the attendant executed: reports a failed start, removes the container.
    /// </summary>
    /// <param name="options">Global options of the run.</param>
    /// <param name="id">The container.</param>
    /// <param name="pid">Its init, so that a later container of the same name is left alone.</param>
    /// <param name="terminal">Attributes to give back to the caller's terminal (<see cref="ForegroundTerminal.Format"/>), or empty.</param>
    /// <param name="exitCode">What the program ended with; meaningless after a failed start.</param>
    /// <param name="failure">Hexadecimal <see cref="StartFailure"/> and text, or empty.</param>
    /// <param name="started">Whether the attendant got as far as an exit code.</param>
    public static int Finish(RuntimeOptions options, ContainerId id, int pid, string terminal, int exitCode, string failure, bool started)
    {
        string? root = null;
        ForegroundTerminal.Restore(ForegroundTerminal.Parse(terminal)); // a failed start never got to the step that does it
        using var store = StateStore.Open(options.Root);
        using ContainerDirectory? directory = store.Find(id);
        if (directory is not null)
        {
            DirectoryLock.Take(directory);
            if (directory.TryLoad() is { } record && record.Pid == pid)
            {
                root = record.Rootfs;
                DeleteOperation.Release(options, directory, record);
            }
        }

        if (failure.Length > 0)
        {
            throw StartAnswer.Failed(Convert.FromHexString(failure), root);
        }

        return started
            ? exitCode
            : throw InitText.Died();
    }
}
