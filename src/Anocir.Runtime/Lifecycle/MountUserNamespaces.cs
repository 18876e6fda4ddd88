using System;
using System.Collections.Generic;
using Anocir.Linux;
using Anocir.Plan;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Launch;
using Anocir.Runtime.Planning;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Lifecycle;

/// <summary>
/// User namespaces that exist only to carry the id mapping of idmapped mounts (mount_setattr(2), MOUNT_ATTR_IDMAP): a process
/// is made in each, its maps are written, the namespace is opened, the process ends.
/// </summary>
internal sealed class MountUserNamespaces : IDisposable
{
    private readonly List<Fd> _owned = [];

    /// <summary>
    /// Makes those that mounts[] needs; none in the usual case. A mount without mappings of its own has the container's: those of the
    /// namespace it joins (<paramref name="joined"/>, borrowed), or of linux.uidMappings when that is -1.
    /// </summary>
    public MountUserNamespaces(RuntimeConfig config, int joined)
    {
        Numbers = new int[config.Mounts.Length];
        Array.Fill(Numbers, -1);
        for (int i = 0; i < config.Mounts.Length; i++)
        {
            if (MountIdMaps.Of(config.Mounts[i], config.Linux!) is not { } maps)
            {
                continue;
            }

            if (maps.IsContainers && joined >= 0)
            {
                Numbers[i] = joined;
                continue;
            }

            Fd made = Make(maps.Uids, maps.Gids, maps.IsContainers ? "linux" : NamespacePlanner.Index("mounts", i));
            _owned.Add(made);
            Numbers[i] = made.Number;
        }
    }

    /// <summary>The namespace of each mount, -1 for one that is not idmapped.</summary>
    public int[] Numbers { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Fd fd in _owned)
        {
            fd.Dispose();
        }
    }

    private static Fd Make(IdMapping[] uids, IdMapping[] gids, string property)
    {
        using InitProgram program = InitProgram.Create();
        (Fd controller, Fd helper) = LaunchFiles.Pair();
        var plan = new PlanWriter { Origin = property };
        plan.SetSlot(Slots.Sync, helper.Number);
        plan.Add(StepKind.SetParentDeathSignal).X = 9;
        plan.Add(StepKind.Unshare).X = CloneNew.User;
        ref Step wait = ref plan.Add(StepKind.Sync);
        wait.X = (ulong)SyncKind.Ready;
        wait.Y = (ulong)SyncKind.Committed;
        plan.Add(StepKind.Exit);

        using var session = new InitSession(controller, plan);
        int pid;
        using (helper)
        {
            pid = InitLauncher.Spawn(program, plan);
        }

        try
        {
            _ = session.Receive(out _);
            IdMaps.Write(pid, uids, gids, property, Caller.Current);
            string path = "/proc/" + pid.ToString(System.Globalization.CultureInfo.InvariantCulture) + "/ns/user";
            SysResult opened = Sys.Open(path, O.RDONLY | O.CLOEXEC);
            return opened.IsError ? throw ContainerException.System("open", path, opened.Errno) : new Fd(opened.Int);
        }
        catch (InitDiedException)
        {
            throw new ContainerException($"cannot create a user namespace for the id mapping of {property}");
        }
        finally
        {
            _ = ChildEnd.Kill(pid);
        }
    }
}
