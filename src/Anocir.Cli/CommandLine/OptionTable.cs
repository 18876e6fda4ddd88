using System.Diagnostics;

namespace Anocir.Cli.CommandLine;

/// <summary>
/// The options: the parser and the help texts read this one table, and a test holds docs/cli.md to it. A switch, not an array: rows are made when asked for
/// and nothing runs at start.
/// </summary>
internal static class OptionTable
{
    /// <summary>The row of an option.</summary>
    public static OptionInfo Get(OptionId id) => id switch
    {
        OptionId.Help => new("help", "show help and exit", 'h'),
        OptionId.Version => new("version", "print the version and exit", 'v'),
        OptionId.Root => new("root", "DIR", "directory for the state of containers", "/run/anocir, or $XDG_RUNTIME_DIR/anocir"),
        OptionId.Log => new("log", "FILE", "append messages to FILE", "standard error"),
        OptionId.LogFormat => new("log-format", "FORMAT", "format of messages: text or json", "text"),
        OptionId.LogLevel => new("log-level", "LEVEL", "least important messages to write: error, warning, info or debug", "warning"),
        OptionId.Debug => new("debug", "same as --log-level debug"),
        OptionId.SystemdCgroup => new("systemd-cgroup", "same as --cgroup-manager systemd"),
        OptionId.CgroupManager => new("cgroup-manager", "NAME", "who makes cgroups: cgroupfs (anocir itself), systemd, or disabled (nobody)", "cgroupfs"),
        OptionId.Rootless => new("rootless", "true|false|auto", "accepted for callers of runc, without effect yet", "auto"),
        OptionId.Bundle => new("bundle", "DIR", "bundle directory", "the working directory", 'b'),
        OptionId.ConfigFile => new("config", "FILE", "configuration file", "config.json in the bundle", 'f'),
        OptionId.ConsoleSocket => new("console-socket", "PATH", "Unix socket that receives the master of the container's terminal"),
        OptionId.PidfdSocket => new("pidfd-socket", "PATH", "Unix socket that receives a pidfd of the container's init"),
        OptionId.PidFile => new("pid-file", "FILE", "write the PID of the container's init to FILE"),
        OptionId.NoPivot => new("no-pivot", "move the root mount instead of pivot_root; only for roots on a ramdisk, it is less safe"),
        OptionId.NoNewKeyring => new("no-new-keyring", "keep the session keyring of the caller"),
        OptionId.PreserveFds => new("preserve-fds", "N", "pass N descriptors to the container, those after 0-2 and the $LISTEN_FDS sockets", "0", kind: OptionKind.Number),
        OptionId.Detach => new("detach", "return as soon as the program runs", 'd'),
        OptionId.Keep => new("keep", "keep the container's state after its end, until delete"),
        OptionId.NoSubreaper => new("no-subreaper", "do not become the parent of orphaned processes of the container"),
        OptionId.Force => new("force", "kill the container first unless it has stopped; no error if there is none", 'f'),
        OptionId.Regex => new("regex", "CONTAINER-ID is an extended regular expression (regex(7)) for one or more containers", 'r'),
        OptionId.All => new("all", "signal every process in the container's cgroup; no error if the container has stopped", 'a'),
        OptionId.ListFormat => new("format", "FORMAT", "output format: table or json", "table", 'f'),
        OptionId.Quiet => new("quiet", "print only IDs", 'q'),
        OptionId.SpecBundle => new("bundle", "DIR", "directory for the new file", "the working directory", 'b'),
        OptionId.SpecFile => new("file", "FILE", "name of the new file", "config.json", 'f'),
        OptionId.SpecRootless => new("rootless", "for a container without privileges on the host"),
        OptionId.Json => new("json", "print JSON"),
        OptionId.ProcessFile => new("process", "FILE", "JSON file with the whole process object, instead of PROGRAM and the options about it", letter: 'p'),
        OptionId.Cwd => new("cwd", "DIR", "working directory in the container", "process.cwd of the container"),
        OptionId.Env => new("env", "NAME=VALUE", "set a variable besides process.env of the container; repeatable", letter: 'e'),
        OptionId.Tty => new("tty", "give the program a terminal", 't'),
        OptionId.User => new("user", "UID[:GID]", "run as this user, by numbers", "process.user of the container", 'u'),
        OptionId.AdditionalGids => new("additional-gids", "GID", "add a supplementary group; repeatable", letter: 'g'),
        OptionId.ExecConsoleSocket => new("console-socket", "PATH", "Unix socket that receives the master of the program's terminal"),
        OptionId.ExecPidfdSocket => new("pidfd-socket", "PATH", "Unix socket that receives a pidfd of the process"),
        OptionId.ExecPidFile => new("pid-file", "FILE", "write the PID of the process to FILE"),
        OptionId.ProcessLabel => new("process-label", "LABEL", "SELinux label of the process", "process.selinuxLabel of the container"),
        OptionId.Apparmor => new("apparmor", "PROFILE", "AppArmor profile of the process", "process.apparmorProfile of the container"),
        OptionId.NoNewPrivs => new("no-new-privs", "set no_new_privs, or with =false leave it"),
        OptionId.Cap => new("cap", "CAPABILITY", "add a capability to the bounding, effective and permitted sets; repeatable", letter: 'c'),
        OptionId.ExecPreserveFds => new("preserve-fds", "N", "pass N descriptors to the program, those after 0-2", "0", kind: OptionKind.Number),
        OptionId.ExecCgroup => new("cgroup", "PATH", "enter this cgroup below the container's; on cgroup v1 also CONTROLLER[,CONTROLLER]:PATH, repeatable"),
        OptionId.IgnorePaused => new("ignore-paused", "also in a paused container; the process is frozen with it"),
        _ => throw new UnreachableException(),
    };
}
