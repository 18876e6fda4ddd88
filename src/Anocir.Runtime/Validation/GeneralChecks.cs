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

    public static void Check(RuntimeConfig config, List<string> warnings)
    {
        if (config.OciVersion.Length == 0)
        {
            throw Reject.Rule("ociVersion", "must be present and not empty");
        }

        // runc and crun take any version; a later major one may still mean something else than it says here.
        if (!config.OciVersion.StartsWith("1.", StringComparison.Ordinal))
        {
            warnings.Add($"ociVersion: unknown version {Printable.Quote(config.OciVersion)}, treating it as 1.x");
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

    private static void CheckLength(string path, string? name)
    {
        if (name is not null && Encoding.UTF8.GetByteCount(name) > MaxNameBytes)
        {
            throw Reject.Value(path, "must not be longer than 64 bytes", name);
        }
    }
}
