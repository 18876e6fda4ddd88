using Anocir.Linux;
using Anocir.Runtime.Cgroups;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Resctrl;
using Anocir.Runtime.Spec;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>
/// The delete command. With force it undoes whatever a create may have done before it was killed: the record names it all.
/// </summary>
public static class DeleteOperation
{
    private const int KillMilliseconds = 10_000;

    /// <summary>Removes a stopped container, or with <paramref name="force"/> any, and nothing at all without complaint.</summary>
    public static void Delete(RuntimeOptions options, ContainerId id, bool force)
    {
        using var store = StateStore.Open(options.Root);
        using ContainerDirectory? directory = store.Find(id);
        if (directory is null)
        {
            if (!force)
            {
                throw StateErrors.NotFound();
            }

            return;
        }

        try
        {
            DirectoryLock.Take(directory);
        }
        catch (ContainerException e) when (force && e.IsNotFound)
        {
            return; // whoever held the lock has removed it
        }

        ContainerRecord? record = force ? TryLoad(options, directory) : directory.Load();
        if (record is null)
        {
            // Killed between reserving the name and writing down any intent: nothing else is known. Then nothing else is in there either, so what has
            // more is somebody's who called it with a wrong --root.
            if (directory.FindForeign() is { } foreign)
            {
                throw new ContainerException($"cannot delete container '{id.Value}': '{directory.Path}' is not a container's directory, it holds '{foreign}' "
                    + "and no state.json; hint: check --root, or remove it by hand");
            }

            directory.Remove();
            return;
        }

        ContainerStatus status = ContainerProcess.Evaluate(record);
        if (status != ContainerStatus.Stopped && !force)
        {
            // The specification's MUST; runc and crun make an exception for created containers, nobody relies on it.
            throw new ContainerException($"cannot delete container {id.Value} that is not stopped: {ContainerProcess.Text(status)}");
        }

        Release(options, directory, record);
    }

    /// <summary>Ends what still runs, takes everything back, runs poststop hooks, forgets the container.</summary>
    internal static void Release(RuntimeOptions options, ContainerDirectory directory, ContainerRecord record)
    {
        bool killed = Kill(record);
        if (record.Cgroup is { } cgroup && CgroupControl.For(cgroup).Remove(Removal(record, killed)) is { } left)
        {
            options.Log.Warn($"cgroup '{left}' stays: processes of others use it");
        }

        if (record.Resctrl is { } resctrl && ResctrlGroup.Remove(resctrl) is { } failure)
        {
            throw failure;
        }

        HostMounts.Detach(record);
        PoststopHooks.Run(options, record.HasPoststop ? LoadHooks(options, directory) : null, record);
        directory.Remove();
    }

    // An empty cgroup may be another container's by now. A creation that died before it had an init may have found it in use; and the end of a PID
    // namespace's init is the end of all in it.
    private static CgroupRemoval Removal(ContainerRecord record, bool killed)
    {
        bool anybodyLeft = killed || record.Stage == RecordStage.Creating || !record.HasPrivatePidNamespace;
        return record.Pid != 0 && anybodyLeft ? CgroupRemoval.KillProcesses : CgroupRemoval.OnlyEmpty;
    }

    // What cannot be read must not keep what can be taken back.
    private static ContainerRecord? TryLoad(RuntimeOptions options, ContainerDirectory directory)
    {
        try
        {
            return directory.TryLoad();
        }
        catch (ContainerException e) when (e.IsDamagedRecord)
        {
            options.Log.Warn($"the state of container '{directory.Id.Value}' cannot be read: it is removed, what it named is not; "
                + "hint: look for its processes, mounts and cgroups by hand");
            return null;
        }
    }

    private static Hooks? LoadHooks(RuntimeOptions options, ContainerDirectory directory)
    {
        try
        {
            return StoredConfig.Load(directory)?.Hooks;
        }
        catch (ContainerException e)
        {
            options.Log.Warn("poststop hooks are not run: " + e.Message);
            return null;
        }
    }

    /// <summary>Ends the init, and nothing else of a container. Whether it was alive.</summary>
    internal static bool Kill(ContainerRecord record)
    {
        using Fd? pidfd = ContainerProcess.OpenLivePidfd(record);
        if (pidfd is null)
        {
            return false;
        }

        _ = Sys.PidfdSendSignal(pidfd.Number, 9);
        if (record.Cgroup is { } cgroup)
        {
            _ = Freezer.Set(cgroup, frozen: false); // a frozen process of v1 dies only when thawed
        }

        if (Sys.PollInput(pidfd.Number, -1, KillMilliseconds).Value == 0)
        {
            throw new ContainerException($"container init still running 10 s after SIGKILL {Launch.ProcessState.Describe(record.Pid)}; hint: "
                + (record.Cgroup is { } held && Freezer.IsFrozenAbove(held)
                    ? $"a cgroup above '{held.Freezer}' is frozen, thaw it"
                    : "state D waits for a device or a network file system"));
        }

        _ = Sys.Reap(record.Pid); // ours only when this process created it
        return true;
    }
}
