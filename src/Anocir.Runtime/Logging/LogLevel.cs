namespace Anocir.Runtime.Logging;

/// <summary>Weight of a message, in rising order.</summary>
public enum LogLevel
{
    /// <summary>For whoever looks for a fault in the runtime.</summary>
    Debug,

    /// <summary>Progress.</summary>
    Info,

    /// <summary>Something failed and is ignored; the message says what is skipped.</summary>
    Warning,

    /// <summary>The command fails.</summary>
    Error,
}
