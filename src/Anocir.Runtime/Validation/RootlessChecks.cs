using System;
using System.Globalization;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Validation;

/// <summary>What a user without root needs: a user namespace, and only IDs that it maps (runc's rules for rootless containers).</summary>
internal static class RootlessChecks
{
    public static void Check(RuntimeConfig config, LinuxConfig linux)
    {
        LinuxNamespace user = linux.FindNamespace(NamespaceType.User)
            ?? throw Reject.Rule("linux.namespaces", "rootless container requires user namespaces");

        // The mapping of a single ID needs setgroups(2) denied first (user_namespaces(7)).
        if (config.Process is { User.AdditionalGids.Length: > 0 })
        {
            throw Reject.Rule("process.user.additionalGids", "cannot set any additional groups in a rootless container");
        }

        if (user.Path is not null)
        {
            return;
        }

        for (int i = 0; i < config.Mounts.Length; i++)
        {
            string[] options = config.Mounts[i].Options;
            for (int j = 0; j < options.Length; j++)
            {
                CheckOption($"mounts[{i}].options[{j}]", options[j], linux);
            }
        }
    }

    // A value that is no number is no ID for us; the file system will say what it thinks of it.
    private static void CheckOption(string path, string option, LinuxConfig linux)
    {
        IdMapping[]? mappings =
            option.StartsWith("uid=", StringComparison.Ordinal) ? linux.UidMappings :
            option.StartsWith("gid=", StringComparison.Ordinal) ? linux.GidMappings : null;
        if (mappings is not null
            && uint.TryParse(option.AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture, out uint id)
            && !IdMappingChecks.Contains(mappings, id))
        {
            throw Unmapped(path, option, id);
        }
    }

    private static ContainerException Unmapped(string path, string option, uint id) =>
        Reject.Rule(
            path,
            $"cannot specify {Printable.Shorten(option)} mount option for rootless container: user namespaces enabled, "
            + $"but no mapping found for {option[..3]} {id}");
}
