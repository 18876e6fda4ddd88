using System;
using System.Diagnostics;
using Anocir.Cli.Commands;

namespace Anocir.Cli.CommandLine;

/// <summary>The commands: dispatch, parser and help read this one table, and a test holds docs/cli.md to it.</summary>
internal static unsafe class CommandTable
{
    private const string AboutId = "CONTAINER-ID is the name of the container: letters, digits and _+-. , unique below --root.";

    private const string AboutConfig = """

        The bundle is a directory with config.json and the root filesystem that it names. config.json is read once,
        here; later edits have no effect on the container. 'anocir spec' writes one to start from.
        """;

    private static ReadOnlySpan<OptionId> GlobalOptions =>
    [
        OptionId.Root, OptionId.Log, OptionId.LogFormat, OptionId.LogLevel, OptionId.Debug, OptionId.SystemdCgroup, OptionId.CgroupManager,
        OptionId.Rootless, OptionId.Criu, OptionId.Version,
    ];

    private static ReadOnlySpan<OptionId> CreateOptions =>
    [
        OptionId.Bundle, OptionId.ConfigFile, OptionId.ConsoleSocket, OptionId.PidfdSocket, OptionId.PidFile, OptionId.NoPivot,
        OptionId.NoNewKeyring, OptionId.PreserveFds, OptionId.CreateNoSubreaper,
    ];

    private static ReadOnlySpan<OptionId> RunOptions =>
    [
        OptionId.Bundle, OptionId.ConfigFile, OptionId.ConsoleSocket, OptionId.PidfdSocket, OptionId.Detach, OptionId.Keep, OptionId.PidFile,
        OptionId.NoSubreaper, OptionId.NoPivot, OptionId.NoNewKeyring, OptionId.PreserveFds,
    ];

    private static ReadOnlySpan<OptionId> ExecOptions =>
    [
        OptionId.ProcessFile, OptionId.Cwd, OptionId.Env, OptionId.Tty, OptionId.User, OptionId.AdditionalGids, OptionId.Cap, OptionId.NoNewPrivs,
        OptionId.ProcessLabel, OptionId.Apparmor, OptionId.Detach, OptionId.ExecPidFile, OptionId.ExecConsoleSocket, OptionId.ExecPidfdSocket,
        OptionId.ExecPreserveFds, OptionId.ExecCgroup, OptionId.IgnorePaused,
    ];

    private static ReadOnlySpan<OptionId> FinishOptions => [OptionId.Keep, OptionId.PidFile];

    private static ReadOnlySpan<OptionId> KillOptions => [OptionId.All, OptionId.Regex];

    private static ReadOnlySpan<OptionId> DeleteOptions => [OptionId.Force, OptionId.Regex];

    private static ReadOnlySpan<OptionId> ListOptions => [OptionId.ListFormat, OptionId.Quiet];

    private static ReadOnlySpan<OptionId> PsOptions => [OptionId.PsFormat];

    private static ReadOnlySpan<OptionId> UpdateOptions =>
    [
        OptionId.Resources, OptionId.BlkioWeight, OptionId.CpuPeriod, OptionId.CpuQuota, OptionId.CpuBurst, OptionId.CpuShare, OptionId.CpuRtPeriod,
        OptionId.CpuRtRuntime, OptionId.CpusetCpus, OptionId.CpusetMems, OptionId.CpuIdle, OptionId.Memory, OptionId.MemoryReservation,
        OptionId.MemorySwap, OptionId.KernelMemory, OptionId.KernelMemoryTcp, OptionId.PidsLimit, OptionId.L3CacheSchema, OptionId.MemBwSchema,
    ];

    private static ReadOnlySpan<OptionId> EventsOptions => [OptionId.EventsInterval, OptionId.Stats];

    private static ReadOnlySpan<OptionId> CheckpointOptions =>
    [
        OptionId.CheckpointImagePath, OptionId.WorkPath, OptionId.ParentPath, OptionId.LeaveRunning, OptionId.PreDump, OptionId.TcpEstablished,
        OptionId.TcpSkipInFlight, OptionId.ExtUnixSk, OptionId.ShellJob, OptionId.FileLocks, OptionId.LinkRemap, OptionId.LazyPages, OptionId.StatusFd,
        OptionId.PageServer, OptionId.AutoDedup, OptionId.ManageCgroupsMode, OptionId.NetworkLock, OptionId.EmptyNs,
    ];

    private static ReadOnlySpan<OptionId> RestoreOptions =>
    [
        OptionId.Bundle, OptionId.ConfigFile, OptionId.RestoreImagePath, OptionId.WorkPath, OptionId.ConsoleSocket, OptionId.Detach, OptionId.Keep,
        OptionId.PidFile, OptionId.NoSubreaper, OptionId.RestoreNoPivot, OptionId.TcpEstablished, OptionId.TcpClose, OptionId.ExtUnixSk, OptionId.ShellJob,
        OptionId.FileLocks, OptionId.LazyPages, OptionId.AutoDedup, OptionId.ManageCgroupsMode, OptionId.NetworkLock, OptionId.EmptyNs,
        OptionId.LsmProfile, OptionId.LsmMountContext,
    ];

    private static ReadOnlySpan<OptionId> TopOptions => [OptionId.Once, OptionId.Json, OptionId.TopInterval];

    private static ReadOnlySpan<OptionId> SpecOptions => [OptionId.SpecBundle, OptionId.SpecFile, OptionId.SpecRootless];

    private static ReadOnlySpan<OptionId> PlanOptions => [OptionId.Bundle, OptionId.ConfigFile, OptionId.NoPivot, OptionId.Json];

    private static ReadOnlySpan<OptionId> CheckOptions => [OptionId.ConfigFile, OptionId.Json];

    /// <summary>Finds a command by its name.</summary>
    public static bool TryFind(string name, out CommandId command)
    {
        for (command = CommandId.Anocir + 1; command < CommandId.Count; command++)
        {
            if (Get(command).Name == name)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The row of a command.</summary>
    public static CommandInfo Get(CommandId command) => command switch
    {
        CommandId.Anocir => new()
        {
            Name = ProgramName.Own,
            Summary = "Open Container Initiative runtime",
            Operands = "[GLOBAL OPTIONS] COMMAND [OPTIONS] [ARGUMENTS]",
            Details = """
                Runs containers from OCI bundles. 'anocir COMMAND --help' explains a command.
                Exit status: 0; 1 after an error, with a message; 3 for a command that does not exist; of run, that of its program.
                """,
            Options = GlobalOptions,
            MaxOperands = int.MaxValue,
            StopAfter = 1,
        },
        CommandId.Create => new()
        {
            Name = "create",
            Summary = "create a container that waits for start",
            Operands = "[OPTIONS] CONTAINER-ID",
            Details = AboutId + AboutConfig,
            Options = CreateOptions,
            MinOperands = 1,
            MaxOperands = 1,
            Run = &CreateCommand.Run,
        },
        CommandId.Start => new()
        {
            Name = "start",
            Summary = "run the program of a created container",
            Operands = "CONTAINER-ID",
            Details = AboutId,
            MinOperands = 1,
            MaxOperands = 1,
            Run = &StartCommand.Run,
        },
        CommandId.Run => new()
        {
            Name = "run",
            Summary = "create and start a container",
            Operands = "[OPTIONS] CONTAINER-ID",
            Details = AboutId + AboutConfig + """

                Without --detach the command forwards signals, waits, deletes the container and exits as its program did: with its
                exit status, or 128 + the number of the signal that ended it.
                """,
            Options = RunOptions,
            MinOperands = 1,
            MaxOperands = 1,
            Run = &RunCommand.Run,
        },
        CommandId.Exec => new()
        {
            Name = "exec",
            Summary = "run a program in a container",
            Operands = "[OPTIONS] CONTAINER-ID [PROGRAM [ARGUMENTS]]",
            Details = AboutId + """

                The program gets user, environment, rights and limits from the container's configuration; options change them. What follows
                CONTAINER-ID is the program's, also what starts with a dash. Without --detach the command forwards signals, waits and exits as
                the program did, or with 128 + the number of the signal that ended it. Where the program could not be run, the exit status is 255.
                """,
            Options = ExecOptions,
            MinOperands = 1,
            MaxOperands = int.MaxValue,
            StopAfter = 1,
            Run = &ExecCommand.Run,
        },
        CommandId.State => new()
        {
            Name = "state",
            Summary = "print the state of a container as JSON",
            Operands = "CONTAINER-ID",
            Details = AboutId,
            MinOperands = 1,
            MaxOperands = 1,
            Run = &StateCommand.Run,
        },
        CommandId.Kill => new()
        {
            Name = "kill",
            Summary = "send a signal to the init of a container",
            Operands = "[OPTIONS] CONTAINER-ID [SIGNAL]",
            Details = AboutId + """

                SIGNAL is a number or a name, with or without SIG, in any case: 15, TERM, sigterm, RTMIN+3 (default: TERM).
                0 sends nothing and only tests. KILL for a container without a PID namespace of its own goes to every process in its cgroup.
                """,
            Options = KillOptions,
            MinOperands = 1,
            MaxOperands = 2,
            StopAfter = 1,
            Run = &KillCommand.Run,
        },
        CommandId.Delete => new()
        {
            Name = "delete",
            Summary = "remove a stopped container and all it left behind",
            Operands = "[OPTIONS] CONTAINER-ID",
            Details = AboutId + """

                Removes its cgroups and its state and runs its poststop hooks. A container that was created and never started has not
                stopped: it needs --force too.
                """,
            Options = DeleteOptions,
            MinOperands = 1,
            MaxOperands = 1,
            Run = &DeleteCommand.Run,
        },
        CommandId.List => new()
        {
            Name = "list",
            Summary = "list the containers below --root",
            Operands = "[OPTIONS]",
            Details = "A container that cannot be read is a warning and is left out.",
            Options = ListOptions,
            Run = &ListCommand.Run,
        },
        CommandId.Ps => new()
        {
            Name = "ps",
            Summary = "list the processes of a container",
            Operands = "[OPTIONS] CONTAINER-ID [PS-OPTIONS]",
            Details = AboutId + """

                The table is that of the host's ps(1), by default 'ps -ef', without the lines of other processes; its options must leave the
                column PID. json is an array of PIDs.
                """,
            Options = PsOptions,
            MinOperands = 1,
            MaxOperands = int.MaxValue,
            StopAfter = 1,
            Run = &PsCommand.Run,
        },
        CommandId.Pause => new()
        {
            Name = "pause",
            Summary = "freeze all processes of a container",
            Operands = "CONTAINER-ID",
            Details = AboutId,
            MinOperands = 1,
            MaxOperands = 1,
            Run = &PauseCommand.Run,
        },
        CommandId.Resume => new()
        {
            Name = "resume",
            Summary = "let the processes of a paused container go on",
            Operands = "CONTAINER-ID",
            Details = AboutId,
            MinOperands = 1,
            MaxOperands = 1,
            Run = &ResumeCommand.Run,
        },
        CommandId.Update => new()
        {
            Name = "update",
            Summary = "change the limits of a container",
            Operands = "[OPTIONS] CONTAINER-ID",
            Details = AboutId + """

                What is not given stays as it is. When one value is refused, none is changed. Device rules, huge page, rdma and network limits
                are not changed.
                """,
            Options = UpdateOptions,
            MinOperands = 1,
            MaxOperands = 1,
            Run = &UpdateCommand.Run,
        },
        CommandId.Events => new()
        {
            Name = "events",
            Summary = "print statistics and out-of-memory kills of a container as JSON lines",
            Operands = "[OPTIONS] CONTAINER-ID",
            Details = AboutId + """

                Without --stats the command goes on until the container ends.
                """,
            Options = EventsOptions,
            MinOperands = 1,
            MaxOperands = 1,
            Run = &EventsCommand.Run,
        },
        CommandId.Checkpoint => new()
        {
            Name = "checkpoint",
            Summary = "save the processes of a container in files",
            Operands = "[OPTIONS] CONTAINER-ID",
            Details = AboutId + """

                criu(8) does it; 3.16 or later must be in $PATH. The container must be running or paused, and is removed afterwards, unless
                --leave-running or --pre-dump is given. Its memory is in the files: keep them from others.
                """,
            Options = CheckpointOptions,
            MinOperands = 1,
            MaxOperands = 1,
            Run = &CheckpointCommand.Run,
        },
        CommandId.Restore => new()
        {
            Name = "restore",
            Summary = "make a container from what checkpoint saved",
            Operands = "[OPTIONS] CONTAINER-ID",
            Details = AboutId + """

                criu(8) does it, from files of checkpoint or of runc's, and the bundle of the container that was saved. The processes go on where they
                were; there is no start. Without --detach the command attends the container as run does. Only restore files that you trust.
                """,
            Options = RestoreOptions,
            MinOperands = 1,
            MaxOperands = 1,
            Run = &RestoreCommand.Run,
        },
        CommandId.Top => new()
        {
            Name = "top",
            Summary = "show what all running containers use",
            Operands = "[OPTIONS]",
            Details = """
                CPU, memory, tasks, block I/O and pressure (PSI, percent of the last 10 s in which something waited) of the containers below --root,
                until interrupted. 100 % CPU is one CPU.
                """,
            Options = TopOptions,
            Run = &TopCommand.Run,
        },
        CommandId.Spec => new()
        {
            Name = "spec",
            Summary = "write a config.json to start from",
            Operands = "[OPTIONS]",
            Details = "An existing file is never overwritten.",
            Options = SpecOptions,
            Run = &SpecCommand.Run,
        },
        CommandId.Features => new()
        {
            Name = "features",
            Summary = "print what this runtime knows, as JSON (OCI features.md)",
            Operands = "",
            Run = &FeaturesCommand.Run,
        },
        CommandId.Plan => new()
        {
            Name = "plan",
            Summary = "print the steps that create would take, without taking any",
            Operands = "[OPTIONS] [CONTAINER-ID]",
            Details = "CONTAINER-ID only appears in paths; it need not exist." + AboutConfig,
            Options = PlanOptions,
            MaxOperands = 1,
            Run = &PlanCommand.Run,
        },
        CommandId.Check => new()
        {
            Name = "check",
            Summary = "tell whether this machine, and a bundle on it, can run containers",
            Operands = "[OPTIONS] [BUNDLE]",
            Details = """
                Looks at the kernel, the caller, the cgroups and, given a bundle directory, at what its config.json asks for. Changes nothing.
                Each finding names a property and what to do. Exit status: 1 if there is an error, 0 if there are at most warnings.
                """,
            Options = CheckOptions,
            MaxOperands = 1,
            Run = &CheckCommand.Run,
        },
        CommandId.Finish => new()
        {
            Name = "finish",
            Summary = "finish a foreground run (internal)",
            Operands = "[OPTIONS] CONTAINER-ID PID TERMINAL EXIT-CODE FAILURE",
            Details = "For anocir's own use.",
            Options = FinishOptions,
            IsHidden = true,
            MinOperands = 5,
            MaxOperands = 5,
            Run = &FinishCommand.Run,
        },
        CommandId.Pages => new()
        {
            Name = "pages",
            Summary = "write manual pages and completions (internal)",
            Operands = "DIRECTORY",
            Details = "Writes a tree as below /usr/share, for 'make install' and packages. $SOURCE_DATE_EPOCH is the date of the pages.",
            IsHidden = true,
            MinOperands = 1,
            MaxOperands = 1,
            Run = &PagesCommand.Run,
        },
        CommandId.Help => new()
        {
            Name = "help",
            Summary = "list commands and topics, or explain one",
            Operands = "[COMMAND|TOPIC]",
            MaxOperands = 1,
            Run = &HelpCommand.Run,
        },
        _ => throw new UnreachableException(),
    };
}
