namespace Anocir.Cli.CommandLine;

/// <summary>Every command, in the order of the help text; rows of <see cref="CommandTable"/>.</summary>
internal enum CommandId : byte
{
    /// <summary>The program itself: its options are the global ones, its first operand is the command.</summary>
    Anocir,
    Create,
    Start,
    Run,
    Exec,
    State,
    Kill,
    Delete,
    List,
    Ps,
    Pause,
    Resume,
    Update,
    Events,
    Checkpoint,
    Restore,
    Top,
    Spec,
    Features,
    Plan,
    Check,
    Help,

    /// <summary>Hidden: the end of a foreground run.</summary>
    Finish,

    /// <summary>Hidden: writes manual pages and completions.</summary>
    Pages,

    /// <summary>Number of commands.</summary>
    Count,
}
