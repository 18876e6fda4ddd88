using System;
using System.Collections.Generic;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Validation;

/// <summary>config-linux.md: masked and read-only paths, "Rootfs Mount Propagation", "Personality", "Cgroups Path".</summary>
internal static class PathChecks
{
    private const string Propagations = "private rprivate rshared rslave runbindable shared slave unbindable";

    public static void Check(LinuxConfig linux, ValidationOptions options, List<string> warnings)
    {
        CheckAbsolute("linux.maskedPaths", linux.MaskedPaths);
        CheckAbsolute("linux.readonlyPaths", linux.ReadonlyPaths);
        CheckPropagation(linux.RootfsPropagation, options);
        CheckPersonality(linux.Personality, warnings);
        if (linux.CgroupsPath is { } path && Array.IndexOf(path.Split('/'), "..") >= 0)
        {
            throw Reject.Value("linux.cgroupsPath", "must not contain \"..\"", path);
        }
    }

    private static void CheckAbsolute(string name, string[] paths)
    {
        for (int i = 0; i < paths.Length; i++)
        {
            if (!paths[i].StartsWith('/'))
            {
                throw Reject.Value($"{name}[{i}]", "must be an absolute path", paths[i]);
            }
        }
    }

    private static void CheckPropagation(string? propagation, ValidationOptions options)
    {
        if (propagation is null)
        {
            return;
        }

        if (!WordList.Contains(Propagations, propagation))
        {
            throw Reject.Rule(
                "linux.rootfsPropagation",
                $"rootfsPropagation={Printable.Shorten(propagation)} is not supported, must be one of {Propagations}");
        }

        if (options.NoPivot && propagation is "private" or "rprivate")
        {
            throw Reject.Rule("linux.rootfsPropagation", "rootfsPropagation of [r]private is not safe without pivot_root");
        }
    }

    private static void CheckPersonality(Personality? personality, List<string> warnings)
    {
        if (personality is null)
        {
            return;
        }

        if (personality.Domain is not ("LINUX" or "LINUX32"))
        {
            throw Reject.Value(
                "linux.personality.domain", "invalid personality domain, must be LINUX or LINUX32", personality.Domain);
        }

        if (personality.Flags.Length > 0)
        {
            warnings.Add("linux.personality.flags: the specification defines no flags, ignoring");
        }
    }
}
