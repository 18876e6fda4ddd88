using System;
using System.Collections.Generic;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Cgroups.Systemd;

/// <summary>The annotations <c>org.systemd.property.NAME</c>: properties of the unit that a config asks for, as in runc and crun.</summary>
public static class UnitAnnotations
{
    private const string Seconds = "Sec";

    /// <summary>The properties. A name that ends in <c>Sec</c> becomes the one in <c>USec</c> that the bus knows, its value microseconds.</summary>
    /// <exception cref="ContainerException">A name is none, or a value cannot be read.</exception>
    public static List<UnitProperty> Read(IReadOnlyList<KeyValuePair<string, string>> annotations)
    {
        var properties = new List<UnitProperty>();
        foreach ((string key, string text) in annotations)
        {
            if (!key.StartsWith(AnnotationNames.UnitPropertyPrefix, StringComparison.Ordinal))
            {
                continue;
            }

            string name = key[AnnotationNames.UnitPropertyPrefix.Length..];
            string property = $"annotations[\"{Printable.Escape(key)}\"]";
            if (name.Length < 3 || !IsLetters(name))
            {
                throw ContainerException.Config(property, "the name of a unit property has three or more letters A-Z, a-z");
            }

            try
            {
                DbusValue value = VariantText.Parse(text);
                properties.Add(IsInSeconds(name)
                    ? new UnitProperty(name[..^Seconds.Length] + "USec", Microseconds(value))
                    : new UnitProperty(name, value));
            }
            catch (FormatException e)
            {
                throw ContainerException.Config(property, $"'{Printable.Escape(text)}' is not a value in GVariant text form: {e.Message}");
            }
        }

        return properties;
    }

    // TimeoutStopSec, but not USec, which is the bus's own.
    private static bool IsInSeconds(string name) =>
        name.EndsWith(Seconds, StringComparison.Ordinal) && name.Length > Seconds.Length && char.IsAsciiLetterLower(name[^(Seconds.Length + 1)]);

    private static DbusValue Microseconds(DbusValue value)
    {
        const ulong PerSecond = 1_000_000;
        switch (value.Signature)
        {
            case "d":
                double seconds = BitConverter.UInt64BitsToDouble(value.Number);
                return seconds >= 0 ? DbusValue.UInt64((ulong)(seconds * PerSecond)) : throw new FormatException("seconds cannot be negative");
            case "n" or "i" or "x" when (long)value.Number < 0:
                throw new FormatException("seconds cannot be negative");
            case "y" or "n" or "q" or "i" or "u" or "x" or "t":
                return value.Number <= ulong.MaxValue / PerSecond
                    ? DbusValue.UInt64(value.Number * PerSecond)
                    : throw new FormatException("so many seconds cannot be counted in microseconds");
            default:
                throw new FormatException("expected a number of seconds");
        }
    }

    private static bool IsLetters(string name)
    {
        foreach (char c in name)
        {
            if (!char.IsAsciiLetter(c))
            {
                return false;
            }
        }

        return true;
    }
}
