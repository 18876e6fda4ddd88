using System;
using System.Collections.Generic;
using Anocir.Linux;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.HookPrograms;

/// <summary>The files that annotations name for what hooks of the runtime's namespaces print; each hook's output is appended when it ends.</summary>
public readonly struct HookOutput
{
    private readonly string? _stdout;
    private readonly string? _stderr;

    /// <summary>The files that these annotations name.</summary>
    public HookOutput(IReadOnlyList<KeyValuePair<string, string>> annotations)
    {
        _stdout = AnnotationNames.Find(annotations, AnnotationNames.HooksStdout);
        _stderr = AnnotationNames.Find(annotations, AnnotationNames.HooksStderr);
    }

    /// <summary>Appends both outputs; what went wrong, or null.</summary>
    internal string? Append(Fd stdout, Fd stderr) =>
        Append(_stdout, stdout, AnnotationNames.HooksStdout) ?? Append(_stderr, stderr, AnnotationNames.HooksStderr);

    private static string? Append(string? path, Fd from, string annotation)
    {
        if (path is null)
        {
            return null;
        }

        const uint OwnerOnly = 0x180; // 0600
        SysResult result = Sys.Open(path, O.WRONLY | O.CREAT | O.APPEND | O.CLOEXEC, OwnerOnly);
        if (!result.IsError)
        {
            using var file = new Fd(result.Int);
            result = Copy(from, file);
        }

        return result.IsError
            ? $"cannot append to '{Printable.Escape(path)}' (annotation {annotation}): {ErrnoText.Describe(result.Errno)}"
            : null;
    }

    private static SysResult Copy(Fd from, Fd to)
    {
        Span<byte> buffer = stackalloc byte[4096];
        SysResult result = Sys.Seek(from.Number, 0);
        while (!result.IsError)
        {
            SysResult read = Sys.Read(from.Number, buffer);
            if (read.IsError || read.Int == 0)
            {
                return read;
            }

            result = Sys.WriteAll(to.Number, buffer[..read.Int]);
        }

        return result;
    }
}
