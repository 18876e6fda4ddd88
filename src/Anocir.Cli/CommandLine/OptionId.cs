namespace Anocir.Cli.CommandLine;

/// <summary>Every option of every command; rows of <see cref="OptionTable"/>, which says what each means.</summary>
internal enum OptionId : byte
{
    /// <summary>--help, understood by every command.</summary>
    Help,
    Version,
    Root,
    Log,
    LogFormat,
    LogLevel,
    Debug,
    SystemdCgroup,
    CgroupManager,
    Rootless,
    Bundle,
    ConfigFile,
    ConsoleSocket,
    PidfdSocket,
    PidFile,
    NoPivot,
    NoNewKeyring,
    PreserveFds,
    Detach,
    Keep,
    NoSubreaper,
    Force,
    Regex,
    All,
    ListFormat,
    Quiet,
    SpecBundle,
    SpecFile,
    SpecRootless,
    Json,

    /// <summary>Number of options.</summary>
    Count,
}
