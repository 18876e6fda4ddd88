using System;
using System.Collections.Generic;
using System.Text;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Validation;

/// <summary>config.md: "Specification version", "Annotations", "Hostname", "Domainname".</summary>
internal static class GeneralChecks
{
    // __NEW_UTS_LEN of linux/utsname.h; sethostname(2) and setdomainname(2) refuse more.
    private const int MaxNameBytes = 64;

    public static void Check(RuntimeConfig config)
    {
        if (config.OciVersion.Length == 0)
        {
            throw Reject.Rule("ociVersion", "must be present and not empty");
        }

        // "Runtimes … MUST generate an error when invalid or unsupported values are encountered" (config.md, "Valid values").
        if (!IsSupported(config.OciVersion))
        {
            throw Reject.Value("ociVersion", "must be a version 1.x.y of the specification", config.OciVersion);
        }

        foreach (KeyValuePair<string, string> annotation in config.Annotations)
        {
            if (annotation.Key.Length == 0)
            {
                throw Reject.Rule("annotations", "a key must not be empty");
            }
        }

        CheckLength("hostname", config.Hostname);
        CheckLength("domainname", config.Domainname);
    }

    /// <summary>Whether a text is a SemVer 2.0 version of major 1: three numbers, then perhaps a suffix after - or +.</summary>
    private static bool IsSupported(ReadOnlySpan<char> version)
    {
        int suffix = version.IndexOfAny('-', '+');
        if (suffix == version.Length - 1)
        {
            return false;
        }

        ReadOnlySpan<char> numbers = suffix < 0 ? version : version[..suffix];
        int parts = 0;
        foreach (Range range in numbers.Split('.'))
        {
            ReadOnlySpan<char> part = numbers[range];
            if (part.IsEmpty || part.ContainsAnyExceptInRange('0', '9') || (parts == 0 && part is not "1"))
            {
                return false;
            }

            parts++;
        }

        return parts == 3;
    }

    private static void CheckLength(string path, string? name)
    {
        if (name is not null && Encoding.UTF8.GetByteCount(name) > MaxNameBytes)
        {
            throw Reject.Value(path, "must not be longer than 64 bytes", name);
        }
    }
}
