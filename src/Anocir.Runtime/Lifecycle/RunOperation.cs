using System;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Launch;
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
                    Sys.SetSignalMask(container.CallerSignals); // this wait has no limit, and nothing is half done any more
                    relay.Wait(container.Pidfd, container.Record.Pid);
                }

                return 0;
            }

            throw attendance.Become(container, relay);
        }
        catch
        {
            GiveUp(options, create, container);
            throw;
        }
    }

    /// <summary>
    /// The end of a foreground run, in a new controller that the attendant executed: reports a failed start, removes the container. The exit
    /// status is the program's, whatever becomes of the removal.
    /// </summary>
    /// <exception cref="ContainerException">The program did not start, or the container could not be removed; the latter has the program's exit
    /// status.</exception>
    public static int Finish(RuntimeOptions options, FinishOptions finish)
    {
        _ = SignalBlock.Begin();
        ForegroundTerminal.Restore(ForegroundTerminal.Parse(finish.Terminal)); // a failed start never got to the step that does it
        ContainerException? left = CleanUp(options, finish, out string? root, out string? waiting);
        if (finish.ExitCode is { } code && finish.Failure.Length == 0)
        {
            return left is null
                ? code
                : throw new ContainerException("cannot remove the container after its end: " + left.Message, code);
        }

        Warn(options, left);
        PidFile.Remove(finish.PidFile);
        throw finish.Failure.Length > 0 ? StartAnswer.Failed(Convert.FromHexString(finish.Failure), root)
            : waiting is not null ? InitText.NotStarted(waiting) : InitText.Died();
    }

    /// <summary>Takes a container back. What cannot be is said and left to delete; why the program does not run stays the error.</summary>
    internal static void GiveUp(RuntimeOptions options, CreateOptions create, CreatedContainer container)
    {
        PidFile.Remove(create.PidFile);
        try
        {
            if (create.Keep)
            {
                _ = DeleteOperation.Kill(container.Record);
            }
            else
            {
                DeleteOperation.Release(options, container.Directory, container.Record);
            }
        }
        catch (ContainerException e)
        {
            Warn(options, e);
        }
    }

    // Why that did not work, or null. Tells what an init did that was still there, as it is when the attendant has waited for it in vain.
    private static ContainerException? CleanUp(RuntimeOptions options, FinishOptions finish, out string? root, out string? waiting)
    {
        (root, waiting) = (null, null);
        try
        {
            using var store = StateStore.Open(options.Root);
            using ContainerDirectory? directory = store.Find(finish.Id);
            if (directory is null)
            {
                return null;
            }

            DirectoryLock.Take(directory);
            ContainerRecord? record = directory.TryLoad();
            if (record is null)
            {
                directory.Remove(); // the attendant got as far as the record, and then something else was in the way
            }
            else if (record.Pid == finish.Pid)
            {
                root = record.Rootfs;
                waiting = finish.ExitCode is not null || ContainerProcess.Evaluate(record) == ContainerStatus.Stopped
                    ? null
                    : ProcessState.Describe(record.Pid);
                if (finish.Keep)
                {
                    _ = DeleteOperation.Kill(record);
                }
                else
                {
                    DeleteOperation.Release(options, directory, record);
                }
            }
        }
        catch (ContainerException e)
        {
            return e.IsNotFound ? null : e; // a delete was faster
        }

        return null;
    }

    private static void Warn(RuntimeOptions options, ContainerException? failure)
    {
        if (failure is not null)
        {
            options.Log.Warn(failure.Message);
        }
    }
}
