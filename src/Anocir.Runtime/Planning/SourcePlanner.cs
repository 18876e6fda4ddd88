using System;
using Anocir.Plan;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Planning;

/// <summary>
/// Opens mount sources: paths of the host, cloned as detached mounts. Normally init does it itself, before the pivot. Root of
/// a user namespace, however, may neither walk the host's private directories nor idmap a mount, so there a second helper
/// with the host's credentials joins init's mount namespace, clones the sources in the same order and hands them over. A caller
/// without root joins a mount namespace by way of the user namespace that owns it, and keeps its uid, which may walk its directories.
/// </summary>
public sealed class SourcePlanner
{
    private readonly PlanWriter _plan;
    private readonly PlanWriter? _helper;
    private readonly string _rootfs;
    private readonly short _socket;
    private readonly short _tree;

    /// <summary>Prepares for the container's plan.</summary>
    public SourcePlanner(PlanWriter plan, PlanInputs inputs)
    {
        _plan = plan;
        _rootfs = inputs.Rootfs + "/";
        if (!IsNeeded(inputs.Config.Linux!, inputs.GainsRights))
        {
            return;
        }

        _socket = plan.NewSlot(inputs.SourceSocketFd);
        _helper = new PlanWriter { Origin = "sources" };
        _ = _helper.NewSlot();
        _ = _helper.NewSlot();
        _ = _helper.NewSlot();
        _tree = _helper.NewSlot();
        _helper.Add(StepKind.SetName).S0 = _helper.Str(InitPlanner.ProcessName);
        _helper.Add(StepKind.SetParentDeathSignal).X = 9;
        _helper.Add(StepKind.SetDumpable).X = 0;
        if (inputs.GainsRights)
        {
            ref Step user = ref _helper.Add(StepKind.JoinNamespace);
            user.SlotA = HelperUser;
            user.X = CloneNew.User;
        }

        ref Step join = ref _helper.Add(StepKind.JoinNamespace);
        join.SlotA = HelperMount;
        join.X = CloneNew.Mount;
    }

    /// <summary>
    /// Whether there is a second helper. Without root only for a new user namespace: the one of others comes with an init that its
    /// owner may not look into, so that opens the sources itself.
    /// </summary>
    public static bool IsNeeded(LinuxConfig linux, bool gainsRights) =>
        gainsRights ? NamespacePlanner.IsNewIn(linux, NamespaceType.User) : linux.FindNamespace(NamespaceType.User) is not null;

    /// <summary>In the helper's plan: slot of init's pidfd, or of its mount namespace.</summary>
    public const short HelperMount = Slots.FirstFree;

    /// <summary>In the helper's plan, without root: slot of init's user namespace.</summary>
    public const short HelperUser = Slots.FirstFree + 2;

    /// <summary>In the helper's plan: slot of its end of the pair to init.</summary>
    public const short HelperSocket = Slots.FirstFree + 1;

    /// <summary>Clones the mount at <paramref name="path"/> into <paramref name="slot"/>; with a user namespace fd, idmapped.</summary>
    public void Open(string path, uint flags, short slot, int userNamespaceFd = -1, bool recursiveIdMap = false)
    {
        PlanWriter where = _helper ?? _plan;
        where.Origin = _plan.Origin;
        if (path.StartsWith(_rootfs, StringComparison.Ordinal))
        {
            AwaitEarlierMounts();
        }

        short target = _helper is null ? slot : _tree;
        uint operand = where.Str(path);
        ref Step open = ref where.Add(StepKind.OpenTree);
        open.SlotA = target;
        open.S0 = operand;
        open.X = OpenTreeFlags.Clone | flags;
        if (userNamespaceFd != -1)
        {
            short userNamespace = where.NewSlot(userNamespaceFd);
            ref Step map = ref where.Add(StepKind.MountSetattr);
            map.SlotA = target;
            map.SlotB = userNamespace;
            map.X = MountAttr.IDMAP;
            map.Flags = (ushort)(recursiveIdMap ? StepFlags.Recursive : StepFlags.None);
            where.Add(StepKind.Close).SlotA = userNamespace;
        }

        HandOver(slot);
    }

    /// <summary>Opens a directory of the host (O_PATH) into <paramref name="slot"/>, as a place to mount on.</summary>
    public void OpenPlace(string path, short slot)
    {
        PlanWriter where = _helper ?? _plan;
        where.Origin = _plan.Origin;
        uint operand = where.Str(path);
        ref Step open = ref where.Add(StepKind.Open);
        open.SlotA = _helper is null ? slot : _tree;
        open.S0 = operand;
        open.X = (uint)(Linux.O.PATH | Linux.O.DIRECTORY);
        HandOver(slot);
    }

    // A source in the container's own tree may lie on an earlier mount: the helper waits until init has come here. What it gets is init's
    // word, not the descriptor.
    private void AwaitEarlierMounts()
    {
        if (_helper is null)
        {
            return;
        }

        ref Step send = ref _plan.Add(StepKind.SendFd);
        send.SlotA = Slots.Root;
        send.SlotB = _socket;
        send.X = (ulong)SyncKind.Source;
        ref Step receive = ref _helper.Add(StepKind.ReceiveFd);
        receive.SlotA = _tree;
        receive.SlotB = HelperSocket;
        receive.X = (ulong)SyncKind.Source;
        _helper.Add(StepKind.Close).SlotA = _tree;
    }

    private void HandOver(short slot)
    {
        if (_helper is null)
        {
            return;
        }

        ref Step send = ref _helper.Add(StepKind.SendFd);
        send.SlotA = _tree;
        send.SlotB = HelperSocket;
        send.X = (ulong)SyncKind.Source;
        ref Step receive = ref _plan.Add(StepKind.ReceiveFd);
        receive.SlotA = slot;
        receive.SlotB = _socket;
        receive.X = (ulong)SyncKind.Source;
    }

    /// <summary>Ends both sides; returns the plan of the second helper, or null when init opens its sources itself.</summary>
    public PlanWriter? Finish()
    {
        _helper?.Add(StepKind.Exit);
        return _helper;
    }
}
