using System.Globalization;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>The kill command.</summary>
public static class KillOperation
{
    /// <summary>
    /// Sends a signal (0 only tests) to the init, or with <paramref name="all"/> to every process in the container's cgroup. Through a
    /// pidfd whose process was checked by start time, so never to a stranger. SIGKILL for a container without a PID namespace of
    /// its own goes to the whole cgroup: the end of its init does not end the others.
    /// Throws <see cref="StateErrors.NotRunning"/> for a stopped container, unless <paramref name="all"/>, as runc.
    /// </summary>
    public static void Kill(RuntimeOptions options, ContainerId id, int signal, bool all)
    {
        using StateStore store = StateStore.Open(options.Root);
        using ContainerDirectory directory = store.Get(id);
        ContainerRecord record = directory.Load();

        // The end of a PID namespace's init is the end of all in it: who is in the cgroup after that is somebody else.
        bool wholeCgroup = record.HasPrivatePidNamespace ? all && ContainerProcess.IsAlive(record.Pid, record.PidStartTime) : all || signal == SignalName.Kill;
        if (wholeCgroup && record.Cgroup is { } cgroup && CgroupSignal.Send(cgroup, signal, options.Log))
        {
            return;
        }

        if (!SignalInit(record, signal) && !all)
        {
            throw StateErrors.NotRunning();
        }
    }

    /// <summary>Sends a signal to the init alone; false when it has ended.</summary>
    public static bool SignalInit(ContainerRecord record, int signal)
    {
        using Fd? pidfd = ContainerProcess.OpenLivePidfd(record);
        if (pidfd is null)
        {
            return false;
        }

        SysResult result = Sys.PidfdSendSignal(pidfd.Number, signal);
        if (result.Is(Errno.ESRCH))
        {
            return false;
        }

        if (result.IsError)
        {
            throw ContainerException.System("signal process", record.Pid.ToString(CultureInfo.InvariantCulture), result.Errno);
        }

        // On v1 a killed process of a frozen cgroup stays until it is thawed.
        if (signal == SignalName.Kill && record.Cgroup is { Version: 1 } cgroup)
        {
            _ = Freezer.Set(cgroup, frozen: false);
        }

        return true;
    }
}
