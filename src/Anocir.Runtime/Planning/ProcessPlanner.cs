using System;
using System.Globalization;
using System.Runtime.InteropServices;
using Anocir.Plan;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Planning;

/// <summary>
/// The process itself, after the root was entered: fds, identity, rights, the wait for start, exec. Everything that needs
/// privilege comes before the change of identity; the filter comes last of all when no_new_privs allows that.
/// </summary>
internal static class ProcessPlanner
{
    private const uint CloseRangeCloexec = 4;
    private const ulong LastFd = uint.MaxValue;

    /// <summary>Adds the steps up to exec.</summary>
    public static void AddProcess(PlanWriter plan, PlanInputs inputs)
    {
        Process process = inputs.Config.Process ?? new Process { Cwd = "/" };
        if (inputs.Config.Linux!.Personality is { } personality)
        {
            plan.Origin = "linux.personality.domain";
            plan.Add(StepKind.SetPersonality).X = personality.Domain == "LINUX32" ? 8u : 0u;
        }

        AddAffinity(plan, inputs, process);
        SchedulingPlanner.AddProcess(plan, process);
        SchedulingPlanner.AddMemoryPolicy(plan, inputs.Config.Linux!.MemoryPolicy);
        plan.Origin = "process.user";
        plan.Add(StepKind.ChownStdio).X = process.User.Uid;
        AddCloseOthers(plan, inputs);
        var directory = new DirectoryPlanner(plan, process);
        directory.AddAsRoot();
        AddRlimits(plan, inputs, process);
        AddIdentity(plan, inputs, process);
        directory.AddAsUser();
        if (process.NoNewPrivileges)
        {
            plan.Origin = "process.noNewPrivileges";
            plan.Add(StepKind.SetNoNewPrivileges);
        }

        string[] environment = ProcessEnvironment.Build(WithListenFds(process.Env, inputs), inputs.Home);
        AddProgram(plan, process, environment);

        // Behind the filter only read, write, close, execve and exit_group follow, whatever the profile forbids. startContainer hooks live
        // with it, as with runc: their program is the image's.
        AddRelease(plan, inputs, process);
        AddSeccomp(plan, inputs);
        AddWait(plan, inputs);
        HookPlanner.AddBeforeExec(plan, inputs, environment);
        plan.Origin = "process.args";
        if (inputs.Config.Process is null)
        {
            plan.Add(StepKind.Exit).X = 1; // start refuses such a container; nothing gets here
            return;
        }

        uint argv = plan.Vector(process.Args);
        uint env = plan.Vector(environment);
        ref Step exec = ref plan.Add(StepKind.Exec);
        exec.S0 = argv;
        exec.S1 = env;
    }

    // sd_listen_fds(3): the variables of the caller name its own PID; the program has PID 1 in a PID namespace of its own.
    private static string[] WithListenFds(string[] environment, PlanInputs inputs)
    {
        if (inputs.ListenFds == 0)
        {
            return environment;
        }

        string[] variables = ["LISTEN_FDS=" + inputs.ListenFds.ToString(CultureInfo.InvariantCulture), "LISTEN_PID=1"];
        return inputs.ListenFdNames is { } names ? [.. environment, .. variables, "LISTEN_FDNAMES=" + names] : [.. environment, .. variables];
    }

    // An affinity that the caller inherited (systemd's CPUAffinity=) is not the container's; its cpuset is. Only exec has a choice.
    private static void AddAffinity(PlanWriter plan, PlanInputs inputs, Process process)
    {
        ExecCpuAffinity? chosen = inputs.IsExec ? process.ExecCpuAffinity : null;
        if (chosen?.Final is { } final)
        {
            plan.Origin = "process.execCPUAffinity.final";
            AddAffinity(plan, CpuList.Mask(final, plan.Origin), StepFlags.None);
        }
        else if (chosen?.Initial is null)
        {
            Span<byte> all = stackalloc byte[CpuList.MaskSize];
            all.Fill(0xff);
            plan.Origin = "start";
            AddAffinity(plan, all, StepFlags.IgnoreErrors);
        }
    }

    /// <summary>Adds the step for a CPU mask.</summary>
    internal static void AddAffinity(PlanWriter plan, ReadOnlySpan<byte> cpus, StepFlags flags)
    {
        uint mask = plan.Blob(cpus);
        ref Step step = ref plan.Add(StepKind.SetAffinity);
        step.S0 = mask;
        step.L = (uint)cpus.Length;
        step.Flags = (ushort)flags;
    }

    private static void AddSeccomp(PlanWriter plan, PlanInputs inputs)
    {
        if (inputs.Seccomp.Program.Length == 0)
        {
            return;
        }

        plan.Origin = "linux.seccomp";
        uint program = plan.Blob(inputs.Seccomp.Program);
        ref Step load = ref plan.Add(StepKind.LoadSeccomp);
        load.S0 = program;
        load.L = (uint)inputs.Seccomp.Program.Length;
        load.X = inputs.Seccomp.Flags;
        if (inputs.Seccomp.HasListener)
        {
            load.SlotA = plan.NewSlot();
            short listener = load.SlotA;
            ref Step tell = ref plan.Add(StepKind.Sync);
            tell.SlotA = listener;
            tell.X = (ulong)SyncKind.SeccompListener;
            tell.Y = (ulong)SyncKind.ListenerTaken;
            plan.Add(StepKind.Close).SlotA = listener;
        }
    }

    // After everything that opens files, before the change of uid: raising needs the rights of root, and RLIMIT_NPROC counts the new
    // user's processes. Root of a user namespace may only lower; the controller sets the limits again for it.
    private static void AddRlimits(PlanWriter plan, PlanInputs inputs, Process process)
    {
        bool user = inputs.Config.Linux!.FindNamespace(NamespaceType.User) is not null;
        for (int i = 0; i < process.Rlimits.Length; i++)
        {
            Rlimit limit = process.Rlimits[i];
            plan.Origin = NamespacePlanner.Index("process.rlimits", i);
            plan.Subject = limit.Type;
            ref Step step = ref plan.Add(StepKind.SetRlimit);
            step.X = (ulong)RlimitNames.Number(limit.Type);
            step.Y = limit.Soft;
            step.Z = limit.Hard;
            step.Flags = (ushort)(user ? StepFlags.IgnoreErrors : StepFlags.None);
        }

        plan.Subject = "";
    }

    private static void AddIdentity(PlanWriter plan, PlanInputs inputs, Process process)
    {
        var masks = new CapabilityMasks(process.Capabilities, inputs.GrantableCapabilities);
        plan.Origin = "process.capabilities.bounding";
        ref Step bounding = ref plan.Add(StepKind.DropBoundingCaps);
        bounding.X = masks.Bounding;
        bounding.Y = (ulong)inputs.LastCapability;

        // Root stays root: a change of nothing takes no capabilities and resets nothing (commit_creds in kernel/cred.c).
        bool staysRoot = inputs.CallerIsRoot && !inputs.IsExec && process.User is { Uid: 0, Gid: 0 } && inputs.Config.Linux!.FindNamespace(NamespaceType.User) is null;
        plan.Origin = "process.user";
        AddKeepCaps(plan, 1, staysRoot);
        bool keepGroups = inputs.Setgroups == SetgroupsRule.Denied;
        uint groups = keepGroups || process.User.AdditionalGids.Length == 0 ? 0 : plan.Blob(MemoryMarshal.AsBytes(process.User.AdditionalGids.AsSpan()));
        ref Step ids = ref plan.Add(StepKind.SetIds);
        ids.S0 = groups;
        ids.L = keepGroups ? 0 : (uint)process.User.AdditionalGids.Length * sizeof(uint);
        NamespacePlanner.AddSetgroups(ref ids, inputs.Setgroups);
        ids.Y = process.User.Uid;
        ids.Z = process.User.Gid;
        AddKeepCaps(plan, 0, staysRoot);

        // Without no_new_privs, seccomp(2) wants CAP_SYS_ADMIN. execve computes the program's sets anew and takes nothing from these
        // two (capabilities(7)): what init keeps for the filter never reaches the program.
        const ulong SysAdmin = 1UL << 21;
        ulong kept = inputs.Seccomp.Program.Length > 0 && !process.NoNewPrivileges ? SysAdmin : 0;
        plan.Origin = "process.capabilities";
        ref Step sets = ref plan.Add(StepKind.SetCaps);
        sets.X = masks.Effective | kept;
        sets.Y = masks.Permitted | kept;
        sets.Z = masks.Inheritable;
        plan.Origin = "process.capabilities.ambient";
        ref Step ambient = ref plan.Add(StepKind.SetAmbientCaps);
        ambient.X = masks.Ambient;
        ambient.Flags = (ushort)StepFlags.IgnoreErrors; // outside permitted and inheritable: runc only warns

        if (staysRoot)
        {
            return;
        }

        // A change of uid resets both (prctl(2)).
        plan.Origin = "start";
        plan.Add(StepKind.SetDumpable).X = 0;
        plan.Add(StepKind.SetParentDeathSignal).X = 9;
    }

    private static void AddKeepCaps(PlanWriter plan, ulong value, bool staysRoot)
    {
        if (!staysRoot)
        {
            plan.Add(StepKind.SetKeepCaps).X = value;
        }
    }

    private static void AddProgram(PlanWriter plan, Process process, string[] environment)
    {
        if (process.Args.Length == 0)
        {
            return;
        }

        plan.Origin = "process.args[0]";
        plan.Subject = process.Args[0];
        uint candidates = plan.Vector(ProcessEnvironment.Candidates(process.Args[0], environment));
        plan.Add(StepKind.FindProgram).S0 = candidates;
        plan.Subject = "";
    }

    // EOF of the socket still means the controller's death, so its signal can be cleared before the filter might forbid that.
    private static void AddRelease(PlanWriter plan, PlanInputs inputs, Process process)
    {
        plan.Origin = "start";
        const uint DefaultUmask = 0x12; // 022, as runc when the config has none
        plan.Add(StepKind.SetUmask).X = process.User.Umask ?? DefaultUmask;
        plan.Add(StepKind.SetParentDeathSignal).X = 0;
        if (!inputs.IsExec)
        {
            AddMortality(plan, inputs);
            plan.Add(StepKind.ReleasePlan);
        }
    }

    // What should end a container does so before start, too, as with runc.
    private static void AddMortality(PlanWriter plan, PlanInputs inputs)
    {
        const ulong Ending = (1UL << (1 - 1)) | (1UL << (2 - 1)) | (1UL << (3 - 1)) | (1UL << (15 - 1)); // HUP, INT, QUIT, TERM
        if (NamespacePlanner.IsNewIn(inputs.Config.Linux!, NamespaceType.Pid))
        {
            plan.Add(StepKind.ExitOnSignals).X = Ending;
        }
    }

    private static void AddWait(PlanWriter plan, PlanInputs inputs)
    {
        plan.Origin = "start";
        ref Step ready = ref plan.Add(StepKind.Sync);
        ready.X = (ulong)SyncKind.Ready;
        ready.Y = (ulong)SyncKind.Committed;
        if (inputs.IsExec)
        {
            return; // nobody else starts it; that execve closes the socket tells the controller that it happened
        }

        plan.Add(StepKind.Close).SlotA = Slots.Sync;
        plan.Add(StepKind.WaitForStart);
    }

    /// <summary>Marks everything above the preserved fds close-on-exec: among the first steps of all, so that no exec can leak one.</summary>
    public static void AddCloseOnExec(PlanWriter plan, int preserve)
    {
        ref Step range = ref plan.Add(StepKind.CloseRange);
        range.X = (ulong)(3 + preserve);
        range.Y = LastFd;
        range.Z = CloseRangeCloexec;
    }

    // A waiting init holds its stdio, the preserved fds, the two FIFOs and (until Committed) the socket, nothing of the host.
    private static void AddCloseOthers(PlanWriter plan, PlanInputs inputs)
    {
        Span<int> kept = [inputs.SyncFd, inputs.StartFifoFd, inputs.ReplyFifoFd, KeepsHookOutput(inputs) ? inputs.HookOutputFd : -1];
        kept.Sort();
        ulong first = (ulong)(3 + inputs.PreserveFds);
        foreach (int fd in kept)
        {
            if (fd >= 0)
            {
                AddClose(plan, first, (ulong)fd - 1, first < (ulong)fd);
                first = (ulong)fd + 1;
            }
        }

        AddClose(plan, first, LastFd, true);
    }

    private static void AddClose(PlanWriter plan, ulong first, ulong last, bool any)
    {
        if (any)
        {
            ref Step range = ref plan.Add(StepKind.CloseRange);
            range.X = first;
            range.Y = last;
        }
    }

    private static bool KeepsHookOutput(PlanInputs inputs) => inputs.Config.Hooks?.StartContainer.Length > 0;
}
