using System;
using System.Globalization;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Cgroups.Systemd;

/// <summary>What systemd says, put so that one can act on it.</summary>
internal static class UnitState
{
    /// <summary>The number in <c>252.39-1~deb12u2</c>, <c>v245-rc1</c>; 0 when there is none.</summary>
    public static int ParseVersion(string text)
    {
        ReadOnlySpan<char> rest = text.AsSpan().TrimStart('v');
        int digits = 0;
        while (digits < rest.Length && char.IsAsciiDigit(rest[digits]))
        {
            digits++;
        }

        return int.TryParse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out int version) ? version : 0;
    }

    /// <summary>A call that was answered by an error.</summary>
    public static ContainerException Refused(string verb, string unit, string errorName, string message)
    {
        string kind = errorName[(errorName.LastIndexOf('.') + 1)..];
        string? hint = kind switch
        {
            "UnitExists" => $"a container (perhaps under another --root) has that name: systemctl status {unit}",
            "AccessDenied" or "InteractiveAuthorizationRequired" => "run as root, or without root with the user's systemd",
            "PropertyReadOnly" or "InvalidArgs" or "UnknownProperty" => "see linux.resources, linux.cgroupsPath and the annotations org.systemd.property.*",
            "ServiceUnknown" or "NameHasNoOwner" => "nobody answers for systemd on this bus",
            _ => null,
        };
        return new ContainerException($"cannot {verb} systemd unit '{unit}': {Said(kind, message)}{(hint is null ? "" : "; hint: " + hint)}");
    }

    /// <summary>A property of systemd itself that it does not tell.</summary>
    public static ContainerException NoProperty(string name, string errorName, string message) => new(
        $"cannot read systemd's property {name}: {Said(errorName[(errorName.LastIndexOf('.') + 1)..], message)}"
            + "; hint: busctl get-property org.freedesktop.systemd1 /org/freedesktop/systemd1 org.freedesktop.systemd1.Manager " + name);

    private static string Said(string kind, string message) =>
        kind.Length == 0 ? "not an answer that was expected"
        : message.Length == 0 ? kind : $"{Printable.Escape(message)} ({kind})";

    /// <summary>What to do about the result of a job.</summary>
    public static string HintFor(string result, string unit, bool isUser)
    {
        string user = isUser ? "--user " : "";
        return result switch
        {
            "timeout" => $"systemd is overloaded or its job is blocked: systemctl {user}list-jobs",
            "canceled" => $"another job for the unit took its place: systemctl {user}status {unit}",
            "dependency" => $"its slice could not be started: systemctl {user}status {unit}",
            _ when isUser => $"journalctl --user -u {unit}; a user's systemd cannot move processes after a restart of the system bus until: systemctl --user daemon-reexec",
            _ => $"journalctl -u {unit}; with the result 'failed' the process has often ended already",
        };
    }
}
