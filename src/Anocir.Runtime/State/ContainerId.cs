using Anocir.Runtime.Errors;

namespace Anocir.Runtime.State;

/// <summary>
/// A container's name, which is also the name of its state directory. Only valid ones exist: 1 to 255 of the characters
/// A-Z a-z 0-9 _ + - . and neither <c>.</c> nor <c>..</c>, which is what runc accepts.
/// </summary>
public readonly struct ContainerId
{
    /// <summary>Longest name in characters (NAME_MAX of the file systems a state directory can be on).</summary>
    public const int MaxLength = 255;

    private readonly string? _value;

    private ContainerId(string value) => _value = value;

    /// <summary>The name.</summary>
    public string Value => _value ?? "";

    /// <summary>Whether <paramref name="text"/> is a valid name.</summary>
    public static bool TryParse(string? text, out ContainerId id)
    {
        id = default;
        if (string.IsNullOrEmpty(text) || text.Length > MaxLength || text is "." or "..")
        {
            return false;
        }

        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '+' or '-' or '.'))
            {
                return false;
            }
        }

        id = new ContainerId(text);
        return true;
    }

    /// <summary>Parses a name or throws with runc's phrases, which engines match on.</summary>
    public static ContainerId Parse(string text)
    {
        if (TryParse(text, out ContainerId id))
        {
            return id;
        }

        throw new ContainerException(text.Length == 0
            ? "container id cannot be empty"
            : $"invalid container ID format: '{text}': must be 1 to 255 letters, digits or _+-. and not '.' or '..'");
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
