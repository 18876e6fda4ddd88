using System;
using System.Collections.Generic;
using System.Globalization;
using Anocir.Runtime.SeccompFilters;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Lifecycle;

/// <summary>Where the filter of a process comes from: an annotation, the cache, or the compiler.</summary>
internal static class SeccompSource
{
    /// <summary>The filter to load; empty without one. Also for processes that exec adds.</summary>
    public static SeccompProgram Get(RuntimeConfig config, RuntimeOptions options)
    {
        Seccomp? seccomp = config.Linux!.Seccomp;
        if (AnnotationNames.Find(config, AnnotationNames.SeccompBpfData) is { } data)
        {
            return new SeccompProgram(Convert.FromBase64String(data), SeccompFlags.Parse(seccomp is null ? [] : seccomp.Flags, listener: false));
        }

        if (seccomp is null)
        {
            return new SeccompProgram([], 0);
        }

        // What was left out is said while compiling, and unknown names are errors only then.
        bool failUnknown = AnnotationNames.Find(config, AnnotationNames.SeccompFailUnknown) is not null;
        if (options.SeccompCache && !failUnknown && !options.Log.IsDebug)
        {
            return SeccompCache.Compile(seccomp, options.Root);
        }

        List<string>? notes = options.Log.IsDebug ? [] : null;
        SeccompProgram filter = SeccompCompiler.Compile(seccomp, notes, failUnknown);
        foreach (string note in notes ?? [])
        {
            options.Log.Debug(note);
        }

        if (options.Log.IsDebug)
        {
            options.Log.Debug("seccomp filter flags: " + filter.Flags.ToString(CultureInfo.InvariantCulture));
        }

        return filter;
    }
}
