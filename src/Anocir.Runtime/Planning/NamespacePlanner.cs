using System;
using System.Globalization;
using System.Text;
using Anocir.Plan;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Planning;

/// <summary>Namespaces: which are joined, which are new, and the clone that makes init (design 1.1).</summary>
public sealed class NamespacePlanner(PlanWriter plan, PlanInputs inputs)
{
    private readonly LinuxConfig _linux = inputs.Config.Linux!;
    private bool _cgroupWaited;

    /// <summary>Whether a new user namespace is made.</summary>
    public bool NewUser { get; } = IsNewIn(inputs.Config.Linux!, NamespaceType.User);

    /// <summary>Whether the container has a user namespace of its own or of another container.</summary>
    public bool AnyUser => _linux.FindNamespace(NamespaceType.User) is not null;

    /// <summary>Whether the container cannot make device nodes, nor mount the host's view of proc and sysfs: in any user namespace.</summary>
    public bool Confined => AnyUser || inputs.InUserNamespace;

    // A user without root gets the right to make a time namespace only with the user namespace.
    private bool TimeInInit => inputs.GainsRights && NewUser && IsNew(NamespaceType.Time);

    /// <summary>The CLONE_NEW* flag of a type, which setns(2) uses too.</summary>
    public static uint FlagOf(NamespaceType type) => type switch
    {
        NamespaceType.Pid => CloneNew.Pid,
        NamespaceType.Network => CloneNew.Network,
        NamespaceType.Mount => CloneNew.Mount,
        NamespaceType.Ipc => CloneNew.Ipc,
        NamespaceType.Uts => CloneNew.Uts,
        NamespaceType.User => CloneNew.User,
        NamespaceType.Cgroup => CloneNew.Cgroup,
        _ => CloneNew.Time,
    };

    /// <summary>Whether the container gets a new namespace of this type.</summary>
    public bool IsNew(NamespaceType type) => IsNewIn(_linux, type);

    /// <summary>Whether a config asks for a new namespace of this type (listed, without path).</summary>
    public static bool IsNewIn(LinuxConfig linux, NamespaceType type) =>
        linux.FindNamespace(type) is { } entry && string.IsNullOrEmpty(entry.Path);

    /// <summary>The helper up to the clone; returns the index of the clone, whose Else is the helper's next step.</summary>
    public int AddHelperStage()
    {
        ProcessPlanner.AddCloseOnExec(plan, inputs.PreserveFds);
        plan.Add(StepKind.SetName).S0 = plan.Str(InitPlanner.ProcessName);
        plan.Add(StepKind.SetParentDeathSignal).X = 9;

        AddOomScore(plan, inputs);

        // Without root the controller can write the id maps of a dumpable process only. Nobody else is in the new namespaces then.
        if (!inputs.GainsRights || !NewUser || JoinsAny())
        {
            plan.Add(StepKind.SetDumpable).X = 0;
        }

        // Mount last but one: the paths of the other namespace files were opened by the controller. User last: until then the
        // helper has the host's rights over all of them. Without root it is the other way round: the user namespace gives the rights.
        if (inputs.GainsRights)
        {
            AddJoin(NamespaceType.User);
        }

        foreach (NamespaceType type in (ReadOnlySpan<NamespaceType>)[
            NamespaceType.Network, NamespaceType.Ipc, NamespaceType.Uts, NamespaceType.Cgroup, NamespaceType.Time,
            NamespaceType.Pid, NamespaceType.Mount])
        {
            AddJoin(type);
        }

        if (!inputs.GainsRights)
        {
            AddJoin(NamespaceType.User);
        }

        if (IsNew(NamespaceType.Time) && !TimeInInit)
        {
            AddTimeNamespace();
        }

        uint flags = 0;
        for (int i = 0; i < _linux.Namespaces.Length; i++)
        {
            LinuxNamespace entry = _linux.Namespaces[i];
            bool byClone = entry.Type switch
            {
                NamespaceType.Time => false, // clone3 would freeze the offsets (EACCES); unshared above
                NamespaceType.Cgroup => inputs.CgroupEntry == CgroupEntry.Clone, // else after the join, so that its root is right
                _ => true,
            };
            if (string.IsNullOrEmpty(entry.Path) && byClone)
            {
                flags |= FlagOf(entry.Type);
            }
        }

        plan.Origin = "linux.namespaces";
        int index = plan.Count;
        ref Step clone = ref plan.Add(StepKind.CloneInit);
        clone.X = flags;
        clone.Y = (ulong)SyncKind.Pid;
        clone.SlotA = inputs.CgroupEntry is CgroupEntry.Clone or CgroupEntry.Self && inputs.HasUnifiedCgroup ? Slots.Cgroup : Step.NoSlot;
        return index;
    }

    /// <summary>process.oomScoreAdj: in the helper, with the host's credentials and while /proc/self still belongs to it; init inherits it.</summary>
    internal static void AddOomScore(PlanWriter plan, PlanInputs inputs)
    {
        if (inputs.OomScoreAdj is { } adjustment)
        {
            plan.Origin = "process.oomScoreAdj";
            FileSteps.AddWrite(plan, "/proc/self/oom_score_adj", adjustment.ToString(CultureInfo.InvariantCulture));
            plan.Origin = "start";
        }
    }

    /// <summary>First steps of init: its mappings, its ties to the controller.</summary>
    public void AddInitIdentity()
    {
        plan.Origin = "start";
        plan.Add(StepKind.SetParentDeathSignal).X = 9; // not inherited over clone
        if (NewUser)
        {
            plan.Origin = "linux.uidMappings";
            plan.Add(StepKind.Sync).Y = (ulong)SyncKind.MapsWritten;
        }

        if (TimeInInit)
        {
            AddTimeNamespace(); // while /proc/self still belongs to this process
        }

        if (AnyUser)
        {
            // Root of the user namespace: mounts and files made from here on belong to it.
            plan.Origin = "linux.uidMappings";
            AddSetgroups(ref plan.Add(StepKind.SetIds), inputs.Setgroups);
            plan.Add(StepKind.SetDumpable).X = 0;
            plan.Add(StepKind.SetParentDeathSignal).X = 9; // cleared by the change of uid
        }

        if (TimeInInit)
        {
            AddEnterTimeNamespace();
        }
    }

    /// <summary>Tells a <see cref="StepKind.SetIds"/> what to do about groups.</summary>
    internal static void AddSetgroups(ref Step step, SetgroupsRule rule)
    {
        step.X = rule == SetgroupsRule.Denied ? 1u : 0;
        step.Flags = (ushort)(rule == SetgroupsRule.Unknown ? StepFlags.IgnoreErrors : StepFlags.None);
    }

    /// <summary>Waits until init is in its cgroups, then unshares the cgroup namespace so that its root is that cgroup. Once.</summary>
    public void AddCgroupWait()
    {
        if (_cgroupWaited)
        {
            return;
        }

        _cgroupWaited = true;
        plan.Origin = "linux.cgroupsPath";
        if (inputs.CgroupEntry is CgroupEntry.Self or CgroupEntry.Controller)
        {
            plan.Add(StepKind.Sync).Y = (ulong)SyncKind.CgroupsReady;
        }

        foreach (string file in inputs.CgroupTaskFiles)
        {
            FileSteps.AddWrite(plan, file, "0");
        }

        if (inputs.CgroupEntry != CgroupEntry.Clone && IsNew(NamespaceType.Cgroup))
        {
            plan.Origin = "linux.namespaces";
            plan.Add(StepKind.Unshare).X = CloneNew.Cgroup;
        }
    }

    private void AddJoin(NamespaceType type)
    {
        for (int i = 0; i < _linux.Namespaces.Length; i++)
        {
            LinuxNamespace entry = _linux.Namespaces[i];
            if (entry.Type == type && !string.IsNullOrEmpty(entry.Path))
            {
                plan.Origin = Index("linux.namespaces", i);
                short slot = plan.NewSlot(inputs.NamespaceFds.Length > i ? inputs.NamespaceFds[i] : -1);
                ref Step join = ref plan.Add(StepKind.JoinNamespace);
                join.SlotA = slot;
                join.X = FlagOf(type);
                plan.Add(StepKind.Close).SlotA = slot;
            }
        }
    }

    // unshare(CLONE_NEWTIME) moves only children: the offsets can be set until the first one exists (time_namespaces(7)).
    private void AddTimeNamespace()
    {
        plan.Origin = "linux.timeOffsets";
        plan.Add(StepKind.Unshare).X = CloneNew.Time;
        if (_linux.TimeOffsets is not { } offsets)
        {
            return;
        }

        var text = new StringBuilder();
        AppendOffset(text, "monotonic", offsets.Monotonic);
        AppendOffset(text, "boottime", offsets.Boottime);
        if (text.Length > 0)
        {
            FileSteps.AddWrite(plan, "/proc/self/timens_offsets", text.ToString());
        }
    }

    // unshare(2) has moved only the children to come.
    private void AddEnterTimeNamespace()
    {
        plan.Origin = "linux.timeOffsets";
        short slot = plan.NewSlot();
        uint path = plan.Str("/proc/self/ns/time_for_children");
        ref Step open = ref plan.Add(StepKind.Open);
        open.SlotA = slot;
        open.S0 = path;
        ref Step join = ref plan.Add(StepKind.JoinNamespace);
        join.SlotA = slot;
        join.X = CloneNew.Time;
        plan.Add(StepKind.Close).SlotA = slot;
    }

    private bool JoinsAny()
    {
        foreach (LinuxNamespace entry in _linux.Namespaces)
        {
            if (!string.IsNullOrEmpty(entry.Path))
            {
                return true;
            }
        }

        return false;
    }

    private static void AppendOffset(StringBuilder text, string clock, TimeOffset? offset)
    {
        if (offset is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"{clock} {offset.Secs} {offset.Nanosecs}\n");
        }
    }

    /// <summary><c>name[index]</c>.</summary>
    internal static string Index(string name, int index) => string.Concat(name, "[", index.ToString(CultureInfo.InvariantCulture), "]");
}
