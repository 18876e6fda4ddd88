using System.Collections.Generic;

namespace Anocir.Runtime.Spec;

/// <summary>
/// A bundle's config.json (runtime-spec config.md), as far as Linux containers use it. Conventions of the whole model:
/// lists default to empty; a map is a list of pairs in the order of the file, without duplicate keys; an optional property
/// that is absent, null or the empty string is null. Properties of other platforms are not kept.
/// </summary>
public sealed class RuntimeConfig
{
    /// <summary>Version of the specification the bundle was written for; REQUIRED (config.md, "Specification version").</summary>
    public string OciVersion { get; set; } = "";

    /// <summary>The container's root filesystem; REQUIRED on Linux.</summary>
    public Root Root { get; set; } = new();

    /// <summary>Mounts beyond the root filesystem, in the order they must be made.</summary>
    public Mount[] Mounts { get; set; } = [];

    /// <summary>The program; null is legal at create, and makes start fail.</summary>
    public Process? Process { get; set; }

    /// <summary>Host name seen in the container (needs a UTS namespace).</summary>
    public string? Hostname { get; set; }

    /// <summary>NIS domain name seen in the container (needs a UTS namespace).</summary>
    public string? Domainname { get; set; }

    /// <summary>Arbitrary metadata; keys are not empty.</summary>
    public KeyValuePair<string, string>[] Annotations { get; set; } = [];

    /// <summary>Programs run at points of the lifecycle.</summary>
    public Hooks? Hooks { get; set; }

    /// <summary>Linux properties; null means all defaults: no namespaces, no limits.</summary>
    public LinuxConfig? Linux { get; set; }
}

/// <summary>config.md, "Root".</summary>
public sealed class Root
{
    /// <summary>Directory, absolute or relative to the bundle; REQUIRED.</summary>
    public string Path { get; set; } = "";

    /// <summary>Whether the root mount is read-only inside the container.</summary>
    public bool Readonly { get; set; }
}
