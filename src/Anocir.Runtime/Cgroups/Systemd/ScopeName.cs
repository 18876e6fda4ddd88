using System;
using System.Text;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Cgroups.Systemd;

/// <summary>The unit of a container and the slice it is in.</summary>
/// <param name="Unit">Name of the unit: <c>anocir-web.scope</c>, or a slice.</param>
/// <param name="Slice">Name of the slice: <c>system.slice</c>.</param>
/// <param name="SlicePath">Where that slice is, below the cgroup of its systemd: <c>/a.slice/a-b.slice</c>; <c>/</c> for the root slice.</param>
public sealed record ScopeName(string Unit, string Slice, string SlicePath)
{
    private const string SliceSuffix = ".slice";
    private const string Property = "linux.cgroupsPath";

    /// <summary>Whether the unit is a slice, which holds no process itself.</summary>
    public bool IsSlice => Unit.EndsWith(SliceSuffix, StringComparison.Ordinal);

    /// <summary>
    /// Reads linux.cgroupsPath, for systemd <c>slice:prefix:name</c>. The unit is <c>prefix-name.scope</c>, or the name itself when it ends in
    /// <c>.slice</c>. An empty slice is system.slice, for a user's systemd user.slice; an absent path <c>:anocir:ID</c>.
    /// </summary>
    /// <exception cref="ContainerException">It has another form (runc's text), or the slice has no valid name.</exception>
    public static ScopeName Parse(string? cgroupsPath, string id, bool isUser)
    {
        string slice = "", prefix = "anocir", name = id;
        if (!string.IsNullOrEmpty(cgroupsPath))
        {
            string[] parts = cgroupsPath.Split(':');
            if (parts.Length != 3)
            {
                throw ContainerException.Config(
                    Property, $"expected cgroupsPath to be of format \"slice:prefix:name\" for systemd cgroups, got \"{Printable.Escape(cgroupsPath)}\" instead");
            }

            (slice, prefix, name) = (parts[0], parts[1], parts[2]);
        }

        slice = slice.Length > 0 ? slice : isUser ? "user.slice" : "system.slice";
        string unit = name.EndsWith(SliceSuffix, StringComparison.Ordinal) ? name : $"{prefix}-{name}.scope";
        CheckUnit(unit);
        return new ScopeName(unit, slice, Expand(slice));
    }

    /// <summary>
    /// Where a slice is: a dash in its name leads one level down, <c>a-b.slice</c> is <c>/a.slice/a-b.slice</c> (systemd.slice(5)).
    /// </summary>
    /// <exception cref="ContainerException">It is not a slice's name.</exception>
    public static string Expand(string slice)
    {
        if (slice is "-.slice")
        {
            return "/";
        }

        if (!slice.EndsWith(SliceSuffix, StringComparison.Ordinal) || slice.Contains('/', StringComparison.Ordinal))
        {
            throw InvalidSlice(slice);
        }

        var path = new StringBuilder();
        string stem = slice[..^SliceSuffix.Length];
        for (int end = -1; end < stem.Length;)
        {
            int start = end + 1;
            end = stem.IndexOf('-', start);
            end = end < 0 ? stem.Length : end;
            if (end == start)
            {
                throw InvalidSlice(slice);
            }

            path.Append('/').Append(stem, 0, end).Append(SliceSuffix);
        }

        return path.ToString();
    }

    // The characters and the length of unit names, systemd.unit(5); systemd's own message says only that the name is not valid.
    private static void CheckUnit(string unit)
    {
        const int MaxLength = 255;
        foreach (char c in unit)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not (':' or '-' or '_' or '.' or '\\' or '@'))
            {
                throw new ContainerException($"cannot name a systemd unit '{Printable.Escape(unit)}': '{Printable.Escape(c.ToString())}' is not allowed"
                    + $"; hint: choose the name with {Property} slice:prefix:name");
            }
        }

        if (unit.Length > MaxLength)
        {
            throw new ContainerException($"cannot name a systemd unit '{unit[..32]}…': {unit.Length} characters, {MaxLength} are possible");
        }
    }

    private static ContainerException InvalidSlice(string slice) =>
        ContainerException.Config(Property, $"invalid slice name: '{Printable.Escape(slice)}'; hint: a name such as a-b.slice, without slashes and double dashes");
}
