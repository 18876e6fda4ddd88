using Anocir.Cli.CommandLine;
using Anocir.Runtime.Lifecycle;
using Anocir.Runtime.State;

namespace Anocir.Cli.Commands;

/// <summary><c>anocir exec</c>: exits as the program did, with 255 when it could not be run.</summary>
internal static class ExecCommand
{
    public static int Run(Arguments arguments) => ExecOperation.Exec(arguments.Runtime, new ExecOptions
    {
        Id = ContainerId.Parse(arguments.Operand(0)!),
        Args = arguments.OperandsFrom(1),
        ProcessFile = arguments.Path(OptionId.ProcessFile),
        Cwd = arguments.Path(OptionId.Cwd),
        Env = arguments.Texts(OptionId.Env),
        Tty = arguments.Has(OptionId.Tty),
        User = arguments.Path(OptionId.User),
        AdditionalGids = arguments.Texts(OptionId.AdditionalGids),
        Capabilities = arguments.Texts(OptionId.Cap),
        NoNewPrivileges = arguments.Text(OptionId.NoNewPrivs) is null ? null : arguments.Has(OptionId.NoNewPrivs),
        ProcessLabel = arguments.Path(OptionId.ProcessLabel),
        Apparmor = arguments.Path(OptionId.Apparmor),
        Detach = arguments.Has(OptionId.Detach),
        PidFile = arguments.Path(OptionId.ExecPidFile),
        ConsoleSocket = arguments.Path(OptionId.ExecConsoleSocket),
        PidfdSocket = arguments.Path(OptionId.ExecPidfdSocket),
        PreserveFds = arguments.Number(OptionId.ExecPreserveFds),
        Cgroups = arguments.Texts(OptionId.ExecCgroup),
        IgnorePaused = arguments.Has(OptionId.IgnorePaused),
    });
}
