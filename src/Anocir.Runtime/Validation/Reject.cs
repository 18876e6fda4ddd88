using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Validation;

/// <summary>Makes the messages of the checks. Kept out of line, so that a valid config never touches this code.</summary>
internal static class Reject
{
    /// <summary><c>invalid config: PATH: RULE</c>.</summary>
    public static ContainerException Rule(string path, string rule) => ContainerException.Config(path, rule);

    /// <summary><c>invalid config: PATH: RULE, got "VALUE"</c>.</summary>
    public static ContainerException Value(string path, string rule, string value) =>
        ContainerException.Config(path, $"{rule}, got {Printable.Quote(value)}");

    /// <summary><c>invalid config: PATH: RULE, got NUMBER</c>.</summary>
    public static ContainerException Number(string path, string rule, long value) =>
        ContainerException.Config(path, $"{rule}, got {value}");
}
