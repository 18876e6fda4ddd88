using Anocir.Linux;
using Anocir.Runtime.Errors;

namespace Anocir.Runtime.Lifecycle;

/// <summary>The restore command: a container from what checkpoint saved. Its program runs at once; there is no start.</summary>
public static class RestoreOperation
{
    /// <summary>Restores and, unless detached, attends the container as run does; the exit status of the command.</summary>
    public static int Restore(RuntimeOptions options, RestoreOptions restore)
    {
        CreateOptions create = restore.Create;
        if (!create.NoSubreaper && !create.Detach)
        {
            _ = Sys.BecomeSubreaper();
        }

        using var attendance = new RunAttendance(options, create);
        using CreatedContainer container = ContainerRestoration.Run(options, restore, serveConsole: !create.Detach);
        if (create.Detach)
        {
            return 0;
        }

        try
        {
            if (container.ConsoleMaster.IsOpen)
            {
                ForegroundTerminal.Prepare(container.ConsoleMaster.Number);
            }

            throw attendance.Become(container, relay: null);
        }
        catch (ContainerException)
        {
            RunOperation.GiveUp(options, create, container);
            throw;
        }
    }
}
