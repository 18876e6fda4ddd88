namespace Anocir.Runtime.Checks;

/// <summary>How much a finding matters.</summary>
public enum FindingLevel
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Some containers, or some of their properties, will not work.</summary>
    Warning,

    /// <summary>No container, or not the one of this bundle, will work.</summary>
    Error,
}

/// <summary>One line of the check command.</summary>
/// <param name="Level">How much it matters.</param>
/// <param name="Property">What it is about: a sysctl, a file, a property of config.json.</param>
/// <param name="Message">What was found.</param>
/// <param name="Fix">The command or change that helps; empty when all is well.</param>
public readonly record struct Finding(FindingLevel Level, string Property, string Message, string Fix);
