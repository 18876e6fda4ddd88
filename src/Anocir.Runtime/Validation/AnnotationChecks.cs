using System;
using System.Collections.Generic;
using Anocir.Runtime.Cgroups;
using Anocir.Runtime.SeccompFilters;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Validation;

/// <summary>The values of those annotations that change what the runtime does (docs/annotations.md).</summary>
internal static class AnnotationChecks
{
    public static void Check(RuntimeConfig config)
    {
        foreach (KeyValuePair<string, string> annotation in config.Annotations)
        {
            if (Judge(annotation.Key, annotation.Value) is { } rule)
            {
                throw Reject.Value($"annotations[{Printable.Quote(annotation.Key)}]", rule, annotation.Value);
            }
        }
    }

    private static string? Judge(string name, string value) => name switch
    {
        AnnotationNames.MountContextType when !WordList.Contains(AnnotationNames.MountContextTypes, value) =>
            "must be one of " + AnnotationNames.MountContextTypes,
        AnnotationNames.SeccompReceiver or AnnotationNames.PidfdReceiver or AnnotationNames.HooksStdout or AnnotationNames.HooksStderr when !value.StartsWith('/') => "must be an absolute path",
        AnnotationNames.SeccompBpfData when !IsProgram(value) =>
            $"must be 1 to {SeccompProgram.MaxInstructions} instructions of 8 bytes each, in base64",
        AnnotationNames.SystemdSubgroup or AnnotationNames.DelegateCgroup when value.Length > 0 && !SubCgroupName.IsValid(value) =>
            "must be a path below the container's cgroup",
        _ => null,
    };

    private static bool IsProgram(string text)
    {
        byte[] bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out int length) && length > 0 && length % 8 == 0
            && length / 8 <= SeccompProgram.MaxInstructions;
    }
}
