using System;
using System.Collections.Generic;
using System.Globalization;
using Anocir.Linux;
using Anocir.Runtime.Cgroups;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Launch;
using Anocir.Runtime.Planning;
using Anocir.Runtime.SeccompFilters;
using Anocir.Runtime.SecurityModules;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Lifecycle;

/// <summary>
/// The exec command: adds a process to a container that exists. Nothing of it is written down; what fails before the program runs is
/// taken back. In the foreground this process then becomes a tiny attendant, as with run.
/// </summary>
public static class ExecOperation
{
    /// <summary>Exit status of a command that could not run its program (runc).</summary>
    public const int FailureExitCode = 255;

    /// <summary>Runs a process in a container and, unless detached, waits for it; the exit status of the command.</summary>
    public static int Exec(RuntimeOptions options, ExecOptions exec)
    {
        PreservedFds.Check(0, exec.PreserveFds);
        using ExecTarget target = ExecTarget.Open(options, exec.Id, exec.IgnorePaused);
        Process process = BuildProcess(options, exec, target.Config);
        if (options.Log.IsDebug && process.ExecCpuAffinity?.Initial is { } initial)
        {
            // As runc's log says it, which scripts look for.
            options.Log.Debug("nsexec: affinity: " + CpuList.Hexadecimal(CpuList.Mask(initial, "process.execCPUAffinity.initial")));
        }

        TerminalChecks.Check(process, exec.ConsoleSocket, serveConsole: !exec.Detach);
        using Fd socket = process.Terminal && exec.Detach ? DescriptorSocket.Connect(exec.ConsoleSocket!, "--console-socket") : new Fd(-1);
        SubCgroups subCgroups = SubCgroups.Parse(exec.Cgroups);
        using ExecCgroups cgroups = OpenCgroups(target, subCgroups);
        using Fd agent = ConnectAgent(target.Config.Linux?.Seccomp);
        using InitProgram program = InitProgram.Create();
        PlanWriter Plan(int syncFd) => ExecPlanner.Build(Inputs(options, exec, target, process, cgroups, syncFd));

        ExecSession session = Prepare(program, Plan, cgroups.Unified is not null, target, agent, exec.IgnorePaused, out Errno cgroupErrno);
        if (cgroupErrno == Errno.EBUSY && subCgroups.IsEmpty && cgroups.FallBackToInit(target.Record.Pid))
        {
            session.Dispose();
            session = Prepare(program, Plan, cgroups.Unified is not null, target, agent, exec.IgnorePaused, out cgroupErrno);
        }

        using (session)
        {
            if (cgroupErrno != Errno.None)
            {
                ContainerException failure = cgroups.Failed(cgroupErrno);
                throw HasEnded(target, failure) ? Ended() : failure;
            }

            if (options.Log.IsDebug)
            {
                // The stages in the words of runc's log, which scripts look for.
                string pid = session.Pid.ToString(CultureInfo.InvariantCulture);
                options.Log.Debug("nsexec container setup: done by the helpers");
                options.Log.Debug("child process in init(): process " + pid);
                options.Log.Debug("setns_init: about to exec: process " + pid);
            }

            Commit(exec, target, process, session, socket);
            if (exec.Detach)
            {
                return 0;
            }

            throw Attend(program, session);
        }
    }

    // The process has the container's filter, and with it a listener of its own (runc).
    private static Fd ConnectAgent(Seccomp? seccomp) =>
        seccomp is not null && SeccompCompiler.UsesListener(seccomp) ? SeccompAgent.Connect(seccomp.ListenerPath!) : new Fd(-1);

    private static Process BuildProcess(RuntimeOptions options, ExecOptions exec, RuntimeConfig config)
    {
        var warnings = new List<string>();
        Process process = ExecProcess.Build(exec, config, warnings);
        foreach (string warning in warnings)
        {
            options.Log.Warn(warning);
        }

        return process;
    }

    private static ExecInputs Inputs(
        RuntimeOptions options, ExecOptions exec, ExecTarget target, Process process, ExecCgroups cgroups, int syncFd)
    {
        RuntimeConfig config = target.Config;
        config.Process = process;
        config.Hooks = null;
        config.Linux ??= new LinuxConfig();
        int lastCapability = KernelLimits.LastCapability();
        var plan = new PlanInputs
        {
            Config = config,
            Bundle = target.Record.Bundle,
            Rootfs = target.Record.Rootfs,
            Id = target.Record.Id,
            IsExec = true,
            NoNewKeyring = target.Record.NoNewKeyring,
            OomScoreAdj = OomScore.Choose(process.OomScoreAdj, Caller.Current, options.Log),
            Setgroups = Groups.RuleInside(config, target.DeniesSetgroups),
            PreserveFds = exec.PreserveFds,
            CgroupTaskFiles = cgroups.TaskFiles,
            HasUnifiedCgroup = cgroups.Unified is not null,
            CgroupFd = cgroups.Unified?.Number ?? -1,
            Seccomp = SeccompSource.Get(config, options),
            StackApparmorProfile = process is { ApparmorProfile: not null, NoNewPrivileges: true } && AppArmor.IsConfined,
            Home = HomeDirectory.FindInside(process, target.Proc + "/root"),
            LastCapability = lastCapability,
            GrantableCapabilities = GrantableCapabilities.Find(config, lastCapability, options.Log),
            SyncFd = syncFd,
        };
        target.RequireLive();
        return new ExecInputs
        {
            Plan = plan,
            InitPidfd = target.Pidfd.Number,
            Namespaces = target.Namespaces,
            DropsGroups = target.JoinsUserNamespace && Groups.AreDroppedOutside(config, target.DeniesSetgroups, Caller.Current),
            RootFd = target.Root?.Number ?? -1,
        };
    }

    // Comes back with a process that waits, or with the error of a cgroup that cannot be entered.
    private static ExecSession Prepare(
        InitProgram program, Func<int, PlanWriter> plan, bool twoHelpers, ExecTarget target, Fd agent, bool isPatient, out Errno cgroupErrno)
    {
        var session = ExecSession.Start(program, plan, twoHelpers, isPatient, target.Record.Rootfs);
        cgroupErrno = Errno.None;
        try
        {
            session.Converse(number => SeccompAgent.Send(agent, target.Config.Linux!.Seccomp!, target.Record, session.Pidfd.Number, number, session.Pid));
            return session;
        }
        catch (ContainerException) when (session.CgroupErrno != Errno.None)
        {
            cgroupErrno = session.CgroupErrno;
            _ = session.Kill();
            return session;
        }
        catch (Exception e)
        {
            // What failed for want of the container, such as joining its namespaces, is not told as a failure of its own.
            string? how = session.Kill();
            session.Dispose();
            if (e is InitDiedException || HasEnded(target, e))
            {
                throw Died(target, how);
            }

            throw;
        }
    }

    // The order is that of create: everything others wait for is there before the program runs. Until here a signal ends this command and, with it,
    // the process; from here on it is for the program.
    private static void Commit(ExecOptions exec, ExecTarget target, Process process, ExecSession session, Fd socket)
    {
        _ = SignalBlock.Begin();
        bool wrotePidFile = false;
        try
        {
            if (target.Config.Linux!.FindNamespace(NamespaceType.User) is not null)
            {
                Rlimits.Apply(session.Pid, process);
            }

            if (socket.IsOpen)
            {
                DescriptorSocket.SendOn(socket, "--console-socket", session.Console.Number, "/dev/ptmx"u8);
            }

            if (exec.PidfdSocket is { } pidfdSocket)
            {
                DescriptorSocket.Send(pidfdSocket, "--pidfd-socket", session.Pidfd.Number, "pidfd"u8);
            }

            if (exec.PidFile is { } pidFile)
            {
                PidFile.Write(pidFile, session.Pid);
                wrotePidFile = true;
            }

            session.Commit();
        }
        catch (Exception e)
        {
            string? how = session.Kill();
            if (wrotePidFile)
            {
                PidFile.Remove(exec.PidFile);
            }

            if (e is InitDiedException)
            {
                throw Died(target, how);
            }

            throw;
        }
    }

    private static ContainerException Ended() => new("the container ended during exec");

    // A delete takes the cgroups away.
    private static ExecCgroups OpenCgroups(ExecTarget target, SubCgroups subCgroups)
    {
        try
        {
            return ExecCgroups.Open(target.Record.Cgroup?.Paths ?? [], subCgroups);
        }
        catch (ContainerException e) when (HasEnded(target, e))
        {
            throw Ended();
        }
    }

    // An init that is ending gives its namespaces up (setns(2): ESRCH) a moment before its pidfd tells.
    private static bool HasEnded(ExecTarget target, Exception failure)
    {
        const int Milliseconds = 2000;
        int patience = failure is ContainerException { Errno: Errno.ESRCH } ? Milliseconds : 0;
        return Sys.PollInput(target.Pidfd.Number, -1, patience).Value > 0;
    }

    private static ContainerException Died(ExecTarget target, string? how)
    {
        // The end of a PID namespace waits for its last zombie, which was ours until now.
        const int Milliseconds = 2000;
        bool containerEnded = Sys.PollInput(target.Pidfd.Number, -1, Milliseconds).Value > 0;
        return containerEnded ? Ended() : new ContainerException($"the process ended during its set-up ({how ?? "unknown end"}){InitText.EndedHint}");
    }

    // Returns only when becoming the attendant failed; the process is not left alone with nobody to wait for it.
    private static ContainerException Attend(InitProgram program, ExecSession session)
    {
        ulong mask = Sys.BlockSignals(SignalBlock.All);
        Termios? terminal = session.Console.IsOpen ? ForegroundTerminal.MakeRaw() : null;
        PlanWriter plan = AttendPlanner.Build(new AttendInputs
        {
            PidFd = session.Pidfd.Number,
            ConsoleMaster = session.Console.Number,
            Terminal = terminal,
        });
        using Fd memory = PlanMemory.Create(plan);
        ContainerException failure = Attendant.Become(program, plan, memory, terminal, mask);
        _ = session.Kill();
        return failure;
    }
}
